import { Agent } from 'node:https';
import { connect, type TLSSocket } from 'node:tls';
import { DAY, HOUR } from '#platform/clock';
import { type Answer, ask, type TestPartner } from '../world/partner';
import { outsideCertificate } from '../world/outside';
import { openWorld, type World } from '../world/partnership';

let world: World;
let school: TestPartner;
beforeAll(async () => {
  world = await openWorld();
  school = world.partner('st-brigid-primary');
});
afterAll(() => world.close());

/** A client certificate of its own for each test: what is revoked stays revoked. */
async function bound({ from, until }: { from?: Date; until?: Date } = {}) {
  const now = world.clock.now();
  const client = outsideCertificate('any name at all');
  await world.system.registrar.bindClient(school.agency, client.spki, until ?? new Date(now.getTime() + DAY), from);
  return { ...client, revoke: () => world.system.registrar.revokeClient(client.spki, 'compromised') };
}

const connection = (client: { certificate: string; key: string }, more: object = {}) => ({ host: 'localhost', servername: 'localhost', port: world.system.port, cert: client.certificate, key: client.key, ca: world.system.keys.authority.certificate, ...more });
const agentOf = (client: { certificate: string; key: string }): Agent => new Agent({ keepAlive: true, maxSockets: 1, cert: client.certificate, key: client.key, ca: world.system.keys.authority.certificate });
const mailbox = (agent: Agent): Promise<Answer> => ask(agent, world.system.port, 'GET', '/v1/mailbox');
const REFUSED = { status: 403, json: { code: 'CERTIFICATE_UNKNOWN' } };

/** Asks on a socket that is open already, and keeps it so. */
function onSocket(socket: TLSSocket): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const read = (piece: Buffer): void => {
      answer += piece.toString();
      const [head = '', body] = answer.split('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN);
      if (body === undefined || Buffer.byteLength(body) < length) return;
      socket.off('data', read);
      resolve(answer);
    };
    socket.on('data', read).once('error', reject);
    socket.write('GET /v1/mailbox HTTP/1.1\r\nhost: localhost\r\n\r\n');
  });
}

test('on a connection that is kept open, the next request is refused', async () => {
  const client = await bound();
  const socket = connect(connection(client));
  await new Promise((resolve) => socket.once('secureConnect', resolve));
  expect(await onSocket(socket)).toMatch(/^HTTP\/1\.1 200 /);
  await client.revoke();
  expect(await onSocket(socket)).toMatch(/^HTTP\/1\.1 403 [^]*CERTIFICATE_UNKNOWN/);
  socket.destroy();
});

test.each(['TLSv1.2', 'TLSv1.3'] as const)('on a session that is resumed (%s), nothing gets through', async (version) => {
  const client = await bound();
  const first = connect(connection(client, { minVersion: version, maxVersion: version }));
  const session = await new Promise<Buffer>((resolve) => {
    first.once('session', resolve);
    first.once('secureConnect', () => void onSocket(first));
  });
  first.destroy();
  const resume = async (): Promise<string> => {
    const again = connect(connection(client, { minVersion: version, maxVersion: version, session }));
    await new Promise((resolve, reject) => again.once('secureConnect', resolve).once('error', reject));
    expect(again.isSessionReused()).toBe(true);
    const answer = await onSocket(again);
    again.destroy();
    return answer;
  };
  expect(await resume()).toMatch(/^HTTP\/1\.1 200 /);
  await client.revoke();
  expect(await resume()).toMatch(/^HTTP\/1\.1 403 [^]*CERTIFICATE_UNKNOWN/);
});

test('a resumed session does not stand for whoever presents another certificate on it', async () => {
  const [one, other] = [await bound(), outsideCertificate('a stranger')];
  const first = connect(connection(one, { maxVersion: 'TLSv1.2' }));
  const session = await new Promise<Buffer>((resolve) => first.once('session', resolve));
  first.destroy();
  await one.revoke();
  const again = connect(connection(other, { maxVersion: 'TLSv1.2', session }));
  await new Promise((resolve) => again.once('secureConnect', resolve));
  expect(await onSocket(again)).toMatch(/^HTTP\/1\.1 403 /);
  again.destroy();
});

test('a binding that has ended, or not begun, is none; whatever the certificate’s own dates say', async () => {
  const now = world.clock.now().getTime();
  const [later, soon] = [await bound({ from: new Date(now + HOUR) }), await bound({ until: new Date(now + HOUR) })];
  const [early, late] = [agentOf(later), agentOf(soon)];
  expect(await mailbox(early)).toMatchObject(REFUSED);
  expect(await mailbox(late)).toMatchObject({ status: 200 });
  world.clock.advance(HOUR);
  expect(await mailbox(early)).toMatchObject({ status: 200 });
  expect(await mailbox(late)).toMatchObject(REFUSED);
  for (const agent of [early, late]) agent.destroy();
});

test('revoked once, it is bound again to nobody', async () => {
  const client = await bound();
  await client.revoke();
  await expect(world.system.registrar.bindClient('merebrook-council', client.spki, new Date(world.clock.now().getTime() + DAY))).rejects.toThrow();
  expect(await mailbox(agentOf(client))).toMatchObject(REFUSED);
});
