// The web chat's page. What a person sends waits in line until it has arrived; a repeated send carries the same
// client_id, so the other side recognises it. Nothing is kept in the browser but what is not yet sent, for this tab only.
'use strict';

const $ = (id) => document.getElementById(id);
const page = document.documentElement;
const log = $('log');
const words = $('chat').dataset;
const text = $('text');

const tab = { // storage may be forbidden
  get(name) { try { return sessionStorage.getItem(name); } catch { return null; } },
  set(name, value) { try { sessionStorage.setItem(name, value); } catch { /* then it lives in the page only */ } },
  clear() { try { sessionStorage.clear(); } catch { /* nothing was kept */ } },
};

let seen = 0; // the newest message that asking for news has brought
let busy = false; // one message is under way at a time
let delay = 2000; // until the next try
let chosen = new URLSearchParams(location.search).get('lang') || tab.get('chosen'); // the person's own choice, told once
let stirred = Date.now(); // when something last happened here
let polls = false;
let queue = [];

// --- what is shown ---

function make(tag, className, content = '') {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = content;
  return element;
}

function bubble(author, content) {
  const line = make('section', `line ${author === 'person' ? 'mine' : author === 'counsellor' ? 'counsellor' : 'bot'}`);
  line.append(make('span', author === 'counsellor' ? 'author' : 'author aside', author === 'person' ? words.you : words[author]));
  const body = make('p', '');
  body.dir = 'auto';
  // addresses become links; everything else stays text
  for (const part of content.split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]])/)) body.append(/^https?:\/\//.test(part) ? link(part) : part);
  line.append(body);
  log.append(line);
  $('suggestions').hidden = true;
  requestAnimationFrame(() => line.scrollIntoView({ block: 'nearest' }));
  return line;
}

function link(address) {
  const anchor = make('a', '', address);
  Object.assign(anchor, { href: address, rel: 'noreferrer', target: '_blank', dir: 'ltr' });
  return anchor;
}

function show(message, language) {
  if ($(`m${message.id}`)) return;
  if (message.author === 'assistant') retire();
  const line = bubble(message.mine ? 'person' : message.author, message.text);
  line.id = `m${message.id}`;
  if (language && !message.mine) line.querySelector('p').lang = language;
  if (message.file) line.append(download(message.file));
  if (message.buttons.length) line.append(choices(message.buttons));
}

function download(address) {
  const anchor = make('a', 'file', words.file);
  Object.assign(anchor, { href: address, download: '' });
  return anchor;
}

function choices(buttons) {
  const row = make('div', 'choices');
  for (const { title, payload } of buttons) {
    const button = make('button', '', title);
    button.type = 'button';
    button.dir = 'auto';
    button.onclick = () => send({ payload }, title);
    row.append(button);
  }
  return row;
}

// Buttons of the newest answers count; older ones look old, and whoever presses them gets a kind word about it.
function retire() {
  let old = false;
  for (const line of [...log.children].reverse()) {
    old = old || line.classList.contains('mine');
    if (old) line.querySelector('.choices')?.classList.add('old');
  }
}

function status(sentence) {
  if ($('status').textContent === sentence) return; // said once is enough for who listens
  $('status').textContent = sentence;
  if (queue.length) requestAnimationFrame(() => log.lastElementChild.scrollIntoView({ block: 'nearest' }));
}

// --- the interface ---

async function call(method, address, body) {
  const clock = new AbortController();
  const headers = body ? { 'Content-Type': 'application/json' } : {};
  const timer = setTimeout(() => clock.abort(), 40000);
  try {
    const response = await fetch(address, { method, headers, body: body && JSON.stringify(body), signal: clock.signal });
    if (!response.ok) throw Object.assign(new Error(), { status: response.status });
    return await response.json();
  } finally {
    clearTimeout(timer);
  }
}

const begin = () => call('POST', '/chat/sessions', { language: page.lang });

// --- sending ---

async function send(content, shown) {
  status(words.sending);
  await here; // what was said before, if it is shown, stands above what is said now
  if (!$('before').hidden) $('continue').click(); // whoever just writes goes on where they were
  const item = { client_id: newId(), ...content };
  if (chosen) item.language = chosen;
  choose('');
  tab.set('here', '1');
  enqueue(item, shown);
  keepQueue();
  work();
}

function enqueue(item, shown) {
  const line = bubble('person', shown);
  const state = make('button', 'state', words.sending);
  state.type = 'button';
  state.onclick = () => { delay = 2000; if (!queue.some((other) => other.item === item)) queue.push({ item, shown, line, state }); work(); };
  line.append(state);
  queue.push({ item, shown, line, state });
}

async function work() {
  if (busy || !queue.length) return;
  busy = true;
  const first = queue[0];
  first.state.textContent = words.sending;
  status(words.waiting);
  try {
    arrived(first, await deliver(first.item));
  } catch (error) {
    refused(first, error.status);
  }
  busy = false;
}

async function deliver(item) {
  try {
    return await call('POST', '/chat/messages', item);
  } catch (error) {
    if (error.status !== 401) throw error;
    await begin(); // the first message, or a session that has gone
    return call('POST', '/chat/messages', item);
  }
}

function arrived(first, answer) {
  queue = queue.filter((other) => other !== first);
  keepQueue();
  first.state.remove();
  delay = 2000;
  stirred = Date.now();
  status('');
  answer.replies.forEach((reply) => show(reply, answer.language));
  follow(answer.language);
  poll();
  setTimeout(work);
}

function refused(first, code) {
  first.state.textContent = words.unsent;
  status(code ? '' : words.offline);
  if ([400, 413, 415].includes(code)) { // trying again by itself would not help
    queue = queue.filter((other) => other !== first);
    keepQueue();
    setTimeout(work);
  } else {
    setTimeout(work, delay);
    delay = Math.min(delay * 2, 30000);
  }
}

function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function keepQueue() { tab.set('queue', JSON.stringify(queue.map(({ item, shown }) => ({ item, shown })))); }

function restoreQueue() {
  for (const { item, shown } of JSON.parse(tab.get('queue') || '[]')) {
    const last = log.lastElementChild; // it may have arrived, and only the answer was lost
    if (last.matches('.mine') && last.querySelector('p').textContent === shown) last.remove();
    enqueue(item, shown);
  }
  work();
}

// --- news, for instance from a counsellor ---

function poll() {
  if (polls) return;
  polls = true;
  setTimeout(news, 4000);
}

async function news() {
  try {
    if (!document.hidden) await fetchNews();
  } catch { /* no connection: the next round tries again */ }
  setTimeout(news, Date.now() - stirred < 180000 ? 4000 : 15000); // a quiet chat costs less
}

async function fetchNews() {
  const { replies, language } = await call('GET', `/chat/messages?after=${seen}`);
  if (replies.some((reply) => !$(`m${reply.id}`))) stirred = Date.now();
  replies.forEach((reply) => show(reply, language));
  seen = Math.max(seen, ...replies.map((reply) => reply.id));
  follow(language);
}

// --- language ---

function choose(language) {
  chosen = language;
  tab.set('chosen', language);
}

function follow(language) { if (!chosen && language !== page.lang) speak(language); }

// Puts the page into another language without loading it again, so nothing half-written is lost.
async function speak(language) {
  if (![...$('language').options].some((option) => option.value === language)) return;
  try {
    const answer = await fetch(`/chat?lang=${language}`);
    if (answer.ok) reword(new DOMParser().parseFromString(await answer.text(), 'text/html'));
  } catch { status(words.offline); }
}

function reword(fresh) {
  for (const name of ['lang', 'dir']) page[name] = fresh.documentElement[name];
  document.title = fresh.title;
  Object.assign(words, fresh.getElementById('chat').dataset);
  for (const element of document.querySelectorAll('[data-word]')) {
    const other = fresh.getElementById(element.id);
    if (element.id !== 'log' && element.id !== 'text') element.textContent = other.textContent;
    for (const name of ['aria-label', 'placeholder']) if (other.hasAttribute(name)) element.setAttribute(name, other.getAttribute(name));
  }
  $('language').value = page.lang;
  tab.set('lang', page.lang);
}

// --- coming back, and going away ---

// A phone may be shared: what was said before is shown only to the tab that said it, or to who asks for it.
async function come() {
  history.replaceState(null, '', location.pathname); // a choice of language counts once, not at every reload
  const { messages, language } = await call('GET', '/chat/history').catch(() => ({ messages: [] }));
  const wanted = chosen || language || tab.get('lang') || page.lang;
  if (wanted !== page.lang) await speak(wanted);
  if (!messages.length) return greet();
  if (tab.get('here')) return goOn(messages);
  $('before').hidden = false;
  $('before').scrollIntoView({ block: 'end' });
  $('continue').onclick = () => { goOn(messages); text.focus(); };
  $('anew').onclick = () => begin().then(() => { greet(); text.focus(); }).catch(() => status(words.offline));
}

function greet() {
  $('before').hidden = true;
  $('suggestions').hidden = log.children.length > 1;
  restoreQueue();
}

function goOn(messages) {
  $('before').hidden = true;
  tab.set('here', '1');
  messages.forEach((message) => show(message, ''));
  seen = Math.max(...messages.map((message) => message.id));
  restoreQueue();
  poll();
}

function leave(event) {
  event.preventDefault();
  navigator.sendBeacon('/chat/leave'); // answers that wait only for this person go
  tab.clear();
  document.body.remove();
  document.title = '';
  location.replace(event.currentTarget.href); // the way back does not lead here
}

// --- hands ---

function submit(event) {
  event.preventDefault();
  const written = text.value.trim();
  if (!written) return text.focus();
  send({ text: written }, written);
  text.value = '';
  grow();
  text.focus();
}

function grow() {
  text.style.height = 'auto';
  text.style.height = `${Math.min(text.scrollHeight + 2, 140)}px`;
}

$('composer').addEventListener('submit', submit);
text.addEventListener('input', grow);
text.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) submit(event);
});
$('leave').addEventListener('click', leave);
$('language').addEventListener('change', () => { choose($('language').value); speak(chosen); });
for (const button of $('suggestions').children) button.onclick = () => send({ text: button.textContent }, button.textContent);
addEventListener('online', () => { delay = 2000; work(); });

$('send').disabled = false; // until this script has come, pressing it would load the page anew and lose what was written
const here = come();
