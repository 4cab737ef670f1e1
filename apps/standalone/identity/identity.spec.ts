import { refuseProduction } from './identity';
import { chooser } from './page';

test('the sandbox sign-in starts for this machine alone', () => {
  for (const origin of ['https://localhost:9443', 'https://127.0.0.1:9443', 'https://[::1]:9443']) expect(() => refuseProduction([origin], {})).not.toThrow();
});

test.each<[string, readonly string[], Record<string, string>, RegExp]>([
  ['where NODE_ENV says production', ['https://localhost:9443'], { NODE_ENV: 'production' }, /does not start with NODE_ENV=production.*WAYBILL_OIDC_ISSUER/],
  ['for a console that others reach', ['https://localhost:9443', 'https://console.example'], {}, /does not start for https:\/\/console\.example/],
  ['at an origin that others reach', ['https://identity.example:9443', 'https://localhost:8445'], {}, /does not start for https:\/\/identity\.example/],
  ['for a name that only begins like this machine’s', ['https://localhost.evil.example'], {}, /does not start for/],
  ['for every address of this machine', ['https://0.0.0.0:9443'], {}, /does not start for/],
])('it refuses to start %s', (_, origins, env, says) => {
  expect(() => refuseProduction(origins, env)).toThrow(says);
});

test('whom one can be is shown escaped, and says that nobody is real', () => {
  const page = chooser('/choose/x', [{ subject: 'mc-014', name: '<b>Łucja</b>', says: 'worker & more' }]);
  expect(page).toContain('&#60;b&#62;Łucja&#60;/b&#62;</strong>, worker &#38; more');
  expect(page).toMatch(/Nobody here is real/);
});
