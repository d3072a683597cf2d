'use strict';

const REFRESH_MS = 2000;

const count = (value) => (value ?? 0).toLocaleString('en-US');
const dollars = (value) => (value === undefined ? '–' : '$' + Number(value).toFixed(value < 1 ? 5 : 2));
const seconds = (ms) => (ms === undefined ? '–' : ms < 1000 ? Math.round(ms) + ' ms' : (ms / 1000).toFixed(1) + ' s');

const failures = (totals) => totals.calls - (totals.outcomes.success ?? 0);

const GROUP_COLUMNS = [
  ['', (row) => row.name || 'not known'],
  ['calls', (row) => count(row.calls), true],
  ['not answered', (row) => count(failures(row)), true, (row) => failures(row) > 0],
  ['input tokens', (row) => count(row.input_tokens), true],
  ['cached', (row) => count(row.cached_input_tokens), true],
  ['output tokens', (row) => count(row.output_tokens), true],
  ['cost', (row) => dollars(row.cost_usd), true],
  ['p50', (row) => seconds(row.latency_p50_ms), true],
  ['p95', (row) => seconds(row.latency_p95_ms), true],
];

const CALL_COLUMNS = [
  ['time', (call) => new Date(call.ts).toLocaleTimeString()],
  ['feature', (call) => call.feature ?? '–'],
  ['model', (call) => call.response_model ?? call.request_model ?? '–'],
  ['outcome', (call) => call.outcome + (call.error_type ? ' ' + call.error_type : ''), false, (call) => call.outcome !== 'success'],
  ['attempts', (call) => count(call.attempts), true],
  ['tokens in', (call) => count(call.input_tokens), true],
  ['out', (call) => count(call.output_tokens), true],
  ['usage', (call) => call.usage_source ?? '–'],
  ['cost', (call) => dollars(call.cost_usd), true],
  ['first token', (call) => seconds(call.ttft_ms), true],
  ['latency', (call) => seconds(call.latency_ms), true],
];

const amount = (row, value) => (row.unit === 'usd' ? dollars(value) : count(value) + ' ' + row.unit);

const BUDGET_COLUMNS = [
  ['account', (row) => row.title.replace(/^budget `([^`]*)`/, '$1')],
  ['spent', (row) => amount(row, row.used), true, (row) => row.used >= 0.8 * row.limit],
  ['under way', (row) => amount(row, row.reserved), true],
  ['of', (row) => amount(row, row.limit), true],
  ['until', (row) => new Date(row.ends).toLocaleString()],
];

const used = (limit) => (limit === undefined ? '–' : count(limit.used) + ' of ' + count(limit.limit));
const isUsedUp = (limit) => limit !== undefined && limit.used >= limit.limit;

const LIMIT_COLUMNS = [
  ['limit', (row) => (row.scope === 'global' ? 'all calls' : row.scope + ' ' + row.value)],
  ['under way', (row) => used(row.concurrency), true, (row) => isUsedUp(row.concurrency)],
  ['requests a minute', (row) => used(row.requests), true, (row) => isUsedUp(row.requests)],
  ['tokens a minute', (row) => used(row.tokens), true, (row) => isUsedUp(row.tokens)],
  ['waiting', (row) => count(row.waiting), true, (row) => row.waiting > 0],
];

const ANOMALY_COLUMNS = [
  ['since', (row) => new Date(row.since).toLocaleString()],
  ['what', (row) => row.text.replace('Flyball: ', '')],
  ['kind', (row) => row.kind],
  ['state', (row) => (row.state === 'ended' ? row.reason : 'lasts'), false, (row) => row.state !== 'ended'],
  ['id', (row) => row.id],
];

const ALERT_COLUMNS = [
  ['when', (row) => new Date(row.ts).toLocaleString()],
  ['what', (row) => row.text.replace('Flyball: ', '')],
  ['kind', (row) => (row.mark ? row.event + ' ' + row.mark : row.event)],
];

const VIEW_KINDS = {
  text: (value) => value ?? '–',
  count,
  millis: (value) => (value ? seconds(value) : '–'),
};

const viewColumn = (column) => [
  column.title,
  (row) => VIEW_KINDS[column.kind](row[column.field]),
  column.kind !== 'text',
  (row) => column.usual !== null && row[column.field] !== column.usual,
];

const CLIENT_COLUMNS = [
  ['client', (row) => row.name],
  ['version', (row) => row.version],
  ['governed', (row) => (row.governed ? 'yes' : 'no'), false, (row) => !row.governed],
];

const NOT_GOVERNED_COLUMNS = [
  ['what', (row) => row.what],
  ['host', (row) => row.host, false, (row) => row.model_host],
];

function cell(tag, text, number, bad) {
  const element = document.createElement(tag);
  element.textContent = text;
  if (number) element.classList.add('number');
  if (bad) element.classList.add('bad');
  return element;
}

function fill(id, columns, rows) {
  const head = document.createElement('tr');
  columns.forEach(([title, , number]) => head.append(cell('th', title, number)));
  const body = rows.map((row) => {
    const line = document.createElement('tr');
    columns.forEach(([, text, number, bad]) => line.append(cell('td', text(row), number, bad && bad(row))));
    return line;
  });
  document.getElementById(id).replaceChildren(head, ...body);
}

function fillTotals(totals) {
  const facts = [
    ['calls', count(totals.calls)],
    ['not answered', count(failures(totals))],
    ['requests sent', count(totals.attempts)],
    ['input tokens', count(totals.input_tokens)],
    ['output tokens', count(totals.output_tokens)],
    ['cost', dollars(totals.cost_usd)],
    ['unpriced calls', count(totals.unpriced_calls)],
    ['p50 / p95', seconds(totals.latency_p50_ms) + ' / ' + seconds(totals.latency_p95_ms)],
  ];
  document.getElementById('totals').replaceChildren(...facts.map(([name, value]) => {
    const fact = document.createElement('div');
    fact.append(cell('dt', name), cell('dd', value));
    return fact;
  }));
}

async function fillViews() {
  const { views } = await read('/api/views');
  const rows = await Promise.all(views.map((view) => read('/api/' + view.name)));
  const place = document.getElementById('views');
  views.forEach((view, i) => {
    const id = 'view_' + view.name;
    if (!document.getElementById(id)) {
      const section = document.createElement('section');
      const table = document.createElement('table');
      table.id = id;
      section.append(cell('h2', view.title), table);
      place.append(section);
    }
    fill(id, view.columns.map(viewColumn), rows[i][view.name]);
  });
}

async function read(path) {
  const response = await fetch(path, { credentials: 'same-origin' });
  if (!response.ok) throw new Error(path + ' answered ' + response.status);
  return response.json();
}

async function refresh() {
  const state = document.getElementById('state');
  try {
    const [summary, history, budgets, limits, anomalies, clients] = await Promise.all(
      ['/api/summary', '/api/calls', '/api/budgets', '/api/limits', '/api/anomalies', '/api/clients'].map(read));
    document.getElementById('about').textContent = summary.service + ' · ' + summary.version;
    fillTotals(summary.totals);
    ['by_feature', 'by_model', 'by_tenant'].forEach((id) => fill(id, GROUP_COLUMNS, summary[id]));
    fill('budgets', BUDGET_COLUMNS, budgets.budgets);
    fill('limits', LIMIT_COLUMNS, limits.limits.slice(0, 20));
    fill('anomalies', ANOMALY_COLUMNS, anomalies.lasting.concat(anomalies.past.slice(0, 10)));
    fill('alerts', ALERT_COLUMNS, anomalies.alerts.slice(0, 10));
    await fillViews();
    fill('clients', CLIENT_COLUMNS, clients.clients);
    fill('not_governed', NOT_GOVERNED_COLUMNS, clients.not_governed);
    fill('calls', CALL_COLUMNS, history.calls);
    state.textContent = 'as of ' + new Date().toLocaleTimeString();
    state.classList.remove('bad');
  } catch (error) {
    state.textContent = error.message;
    state.classList.add('bad');
  }
  setTimeout(refresh, REFRESH_MS);
}

refresh();
