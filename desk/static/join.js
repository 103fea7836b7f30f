// Moves the secret out of the address into the form. A fragment is never sent to a server, so no log ever held it.
'use strict';

const secret = document.getElementById('secret');
if (location.hash.length > 1) {
  secret.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, '', location.pathname);
}
