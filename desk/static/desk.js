// The desk's pages work without this. With it tables and threads stay fresh, and a half-written reply survives.
'use strict';

const byId = (id) => document.getElementById(id);
const typed = () => [...document.querySelectorAll('textarea[data-keep]')].some((box) => box.value.trim());

// --- fresh tables and threads ---

function watch(place) {
  let shown = null;
  const again = async () => {
    const fresh = await fetched(place.dataset.refresh);
    if (fresh !== null && fresh !== shown) replace(place, fresh);
    shown = fresh ?? shown;
    setTimeout(again, Number(place.dataset.every));
  };
  setTimeout(again, Number(place.dataset.every));
}

async function fetched(address) {
  const news = byId('news');
  try {
    const response = await fetch(address);
    if (response.redirected || response.status === 404) location.reload(); // signed out, or erased
    if (!response.ok) return null;
    if (news && news.dataset.lost) { news.textContent = ''; delete news.dataset.lost; }
    return await response.text();
  } catch {
    if (news) { news.textContent = 'No connection. Trying again …'; news.dataset.lost = '1'; }
    return null;
  }
}

function replace(place, html) {
  const link = place.contains(document.activeElement) && document.activeElement.getAttribute('href');
  place.innerHTML = html; // made and escaped by our own templates
  localTimes(place);
  if (link) place.querySelector(`[href="${CSS.escape(link)}"]`)?.focus(); // a reader with a keyboard keeps their place
  tellAlerts(place.querySelector('[data-alerts]'));
  tellChange(place.querySelector('[data-version]'));
}

let alerts = Number(document.querySelector('[data-alerts]')?.dataset.alerts || 0);
function tellAlerts(table) {
  if (!table) return;
  const now = Number(table.dataset.alerts);
  document.title = document.title.replace(/^\(\d+\) /, '');
  if (now) document.title = `(${now}) ${document.title}`;
  if (now > alerts) byId('news').textContent = 'A new alert is waiting.';
  if (!now) byId('news').textContent = '';
  alerts = now;
}

const version = document.querySelector('[data-version]')?.dataset.version;
function tellChange(thread) {
  if (!thread || thread.dataset.version === version) return;
  if (typed()) byId('changed').hidden = false; // do not pull the page away under somebody who writes
  else location.reload();
}

// --- times as the reader's clock shows them ---

function localTimes(place) {
  const style = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' };
  for (const time of place.querySelectorAll('time')) {
    time.textContent = new Date(time.dateTime).toLocaleString('en-GB', style);
  }
}

// --- what a counsellor writes is not lost ---

function keep(box) {
  const name = `${document.body.dataset.staff} ${location.pathname} ${box.id}`;
  if (location.hash === '#written' && sessionStorage.getItem('sent') === name) sessionStorage.removeItem(name);
  box.value = box.value || sessionStorage.getItem(name) || '';
  box.addEventListener('input', () => sessionStorage.setItem(name, box.value));
  box.form.addEventListener('submit', () => sessionStorage.setItem('sent', name));
}

function pressOnce(form) {
  form.addEventListener('submit', () => {
    if (form.hasAttribute('data-forget')) sessionStorage.clear();
    setTimeout(() => form.querySelectorAll('button').forEach((button) => { button.disabled = true; }));
  });
}

// coming back to a page with the browser's own button finds its buttons alive
addEventListener('pageshow', () => document.querySelectorAll('button').forEach((button) => { button.disabled = false; }));

document.querySelectorAll('[data-refresh]').forEach(watch);
document.querySelectorAll('textarea[data-keep]').forEach(keep);
document.querySelectorAll('form').forEach(pressOnce);
localTimes(document);
if (location.hash === '#written') history.replaceState(null, '', location.pathname);
