import { isOnErrand } from './passes';

const OWN = '0198f7d1-5c2e-7a40-9d3b-2f6f5d1c0a11';
const OTHER = '0198f7d1-5c2e-7a40-9d3b-2f6f5d1c0a12';
const state = { errand: 'state' as const, about: OWN };

test('a pass for what is said of a request is for its thread, statements about it, and whose keys signed them', () => {
  for (const [method, route, params] of [['GET', '/v1/requests/:id', { id: OWN }], ['POST', '/v1/requests/:id/statements', { id: OWN }], ['GET', '/v1/directory/agencies/:agency/certificates', { agency: 'merebrook-council' }]] as const) {
    expect([route, isOnErrand(state, { method, route, params })]).toEqual([route, true]);
  }
});

test.each([
  ['another request', 'GET', '/v1/requests/:id', { id: OTHER }], ['a statement about another', 'POST', '/v1/requests/:id/statements', { id: OTHER }], ['the list of requests', 'GET', '/v1/requests', {}], ['a share', 'POST', '/v1/shares', {}],
  ['the copy in the mailbox', 'GET', '/v1/mailbox/:transfer', { transfer: OWN }], ['a part of it', 'GET', '/v1/mailbox/:transfer/parts/:name', { transfer: OWN, name: 'part-1' }], ['who holds keys', 'GET', '/v1/custody', {}], ['a route that is none', 'GET', undefined, {}],
] as const)('it is not for %s', (_what, method, route, params) => {
  expect(isOnErrand(state, { method, route, params })).toBe(false);
});

const breach = { errand: 'breach' as const, about: OWN };

test('a pass about a data breach is for its report, its case, statements about it, and the directory', () => {
  for (const [method, route, params] of [['POST', '/v1/breaches', {}], ['GET', '/v1/breaches/:breach', { breach: OWN }], ['POST', '/v1/breaches/:breach/statements', { breach: OWN }], ['GET', '/v1/directory/agencies', {}], ['GET', '/v1/directory/agencies/:agency/certificates', { agency: 'merebrook-council' }]] as const) {
    expect([route, isOnErrand(breach, { method, route, params })]).toEqual([route, true]);
  }
});

test.each([
  ['another case', 'GET', '/v1/breaches/:breach', { breach: OTHER }], ['a statement about another', 'POST', '/v1/breaches/:breach/statements', { breach: OTHER }], ['the list of cases', 'GET', '/v1/breaches', {}],
  ['what lies in the mailbox', 'GET', '/v1/mailbox', {}], ['a transfer', 'GET', '/v1/mailbox/:transfer', { transfer: OWN }], ['a request', 'GET', '/v1/requests/:id', { id: OWN }], ['the register', 'GET', '/v1/register/entries', {}],
] as const)('a pass about a data breach is not for %s', (_what, method, route, params) => {
  expect(isOnErrand(breach, { method, route, params })).toBe(false);
});
