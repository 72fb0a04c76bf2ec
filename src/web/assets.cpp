#include "src/web/assets.hpp"

namespace lookout::web {

std::string_view style_sheet() {
  return R"css(:root {
  color-scheme: light dark;
  --ground: #ffffff; --text: #1c2128; --faint: #59636e; --line: #d1d9e0; --accent: #0969da;
  --good: #1a7f37; --bad: #cf222e; --band: #f6f8fa;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0d1117; --text: #e6edf3; --faint: #9198a1; --line: #30363d; --accent: #58a6ff;
    --good: #3fb950; --bad: #f85149; --band: #151b23;
  }
}
body {
  font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem;
  background: var(--ground); color: var(--text);
}
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
dt { font-family: ui-monospace, monospace; margin-top: .75rem; }
dd { margin: 0; color: var(--faint); }
h1 { font-size: 1.4rem; margin: 0 0 .25rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
.faint { color: var(--faint); }
.up { color: var(--good); }
.down { color: var(--bad); }
.tag {
  border: 1px solid var(--bad); border-radius: 1em; color: var(--bad); font-size: .8em;
  padding: 0 .5em; white-space: nowrap;
}
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; width: 100%; }
th, td {
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; padding: .35rem .6rem;
  text-align: left; vertical-align: top;
}
th { background: var(--band); font-weight: 600; white-space: nowrap; }
th button { all: unset; cursor: pointer; }
th button:focus-visible, input:focus-visible { outline: 2px solid var(--accent); }
th[aria-sort=ascending] button::after { content: " \25b4"; }
th[aria-sort=descending] button::after { content: " \25be"; }
#repositories, #charts { min-width: 56rem; table-layout: fixed; }
#charts th:first-child { width: 28%; }
.number { text-align: right; white-space: nowrap; }
td img { vertical-align: middle; }
td ul { list-style: none; margin: .25rem 0; padding: 0; }
summary { cursor: pointer; }
td.date { white-space: nowrap; }
input[type=search] {
  background: var(--ground); border: 1px solid var(--line); border-radius: 6px; color: inherit;
  font: inherit; margin: .25rem 0 .75rem; max-width: 24rem; padding: .35rem .6rem; width: 100%;
}
[hidden] { display: none; }
)css";
}

std::string_view charts_script() {
  return R"js('use strict';
const table = document.getElementById('charts');
const rows = Array.from(table.tBodies[0].rows);
const texts = rows.map((row) => row.textContent.toLowerCase());
const filter = document.getElementById('filter');
const shown = document.getElementById('shown');

function applyFilter() {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  rows.forEach((row, index) => {
    row.hidden = !words.every((word) => texts[index].includes(word));
    count += row.hidden ? 0 : 1;
  });
  shown.textContent = String(count);
}

function sortBy(header) {
  const column = header.cellIndex;
  const descending = header.getAttribute('aria-sort') === 'ascending';
  const key = (row) => row.cells[column].dataset.key ?? row.cells[column].textContent;
  const numeric = header.classList.contains('number');
  const order = numeric ? (a, b) => Number(a) - Number(b)
    : (a, b) => a.localeCompare(b, 'en', {numeric: true});
  const sorted = rows.slice().sort((a, b) => (descending ? -1 : 1) * order(key(a), key(b)));
  table.tBodies[0].append(...sorted);
  for (const other of header.parentElement.cells) other.removeAttribute('aria-sort');
  header.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
}

for (const header of table.tHead.rows[0].cells) {
  const button = document.createElement('button');
  button.textContent = header.textContent;
  button.addEventListener('click', () => sortBy(header));
  header.replaceChildren(button);
}
filter.addEventListener('input', applyFilter);
filter.parentElement.hidden = false;
applyFilter();
)js";
}

}  // namespace lookout::web
