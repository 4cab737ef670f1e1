import { Agent } from 'node:https';
import { SECOND } from '#platform/clock';
import { bind, type ContactKeys, newKeys } from '../../apps/standalone/partnership';
import { FRONT_DOOR, REFERRAL, Scene } from '../journeys/referral';
import { outsideCertificate } from '../world/outside';
import { ask, fieldsOf } from '../world/partner';
import { eventually, openWorld } from '../world/partnership';
import { figure, pause } from './figures';
import { PATIENCE_MS, sizeOf } from './sizes';

let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld({ perSecond: { shares: 1_000, others: 1_000 } }));
});
afterAll(() => scene.world.close());

const EVERY_MS = 5 * SECOND;

test('R20: client certificate, signing key and sealing key are replaced every 5 s while shares flow: not one valid request fails', async () => {
  const { seconds } = sizeOf('rotation');
  const { world, school, council } = scene;
  const { registrar, port, keys: own } = world.system;
  const [contact, desk] = ['safeguarding-lead', 'front-door'];
  let signing: ContactKeys = school.keys(contact);
  let sealing: ContactKeys = council.keys(desk);
  let agent = school.agent;
  const failed: string[] = [];
  const accepted: string[] = [];
  const until = Date.now() + seconds * SECOND;

  /** With what each of the senders has a request under way. */
  const underWay: (Agent | undefined)[] = [];
  const send = async (_: unknown, n: number): Promise<void> => {
    while (Date.now() < until) {
      // What is in use at the beginning of a request is in use to its end: that is what an overlap is for.
      const [key, certificate, through] = [signing.key, sealing.certificate, agent];
      underWay[n] = through;
      const parts = REFERRAL.parts.map((part) => ({ ...part, sealTo: [certificate] }));
      const composed = await school.compose({ ...REFERRAL, parts }, scene.certificates);
      const { lines: _, ...manifest } = JSON.parse(composed.manifest.toString()) as Record<string, unknown>;
      const share = await school.sign(manifest, composed.lines, composed.parts, key);
      const body = Buffer.concat([
        ...fieldsOf(share).flatMap(({ name, octets }) => [Buffer.from(`--rotation\r\nContent-Disposition: form-data; name="${name}"; filename="x"\r\n\r\n`), Buffer.from(octets), Buffer.from('\r\n')]),
        Buffer.from('--rotation--\r\n'),
      ]);
      const answer = await ask(through, port, 'POST', '/v1/shares', body, { 'content-type': 'multipart/form-data; boundary=rotation' }).catch((error: NodeJS.ErrnoException) => void failed.push(`no answer: ${error.code}`));
      underWay[n] = undefined;
      if (!answer) continue;
      if (answer.status === 202) accepted.push(answer.json.transfers[0].transfer);
      else failed.push(`${answer.status} ${answer.json?.code} ${JSON.stringify(answer.json?.reasons?.[0])}`);
    }
  };
  let rotations = 0;
  const retired: { spki: string; agent: Agent }[] = [];
  let current: { spki: string; agent: Agent } | undefined;
  const rotate = async (): Promise<void> => {
    while (Date.now() < until) {
      await pause(EVERY_MS);
      const [newSigning, newSealing, client] = [await newKeys('a signing key anew'), await newKeys('a sealing key anew'), outsideCertificate('a client anew')];
      const now = world.clock.now();
      const window = { from: now, until: new Date(now.getTime() + 4 * EVERY_MS) };
      await registrar.bindClient(school.agency, client.spki, window.until);
      await bind(registrar, world.coordinator, { agency: school.agency, contact, use: 'sign', certificate: newSigning.certificate, ...window });
      await bind(registrar, world.coordinator, { agency: council.agency, contact: desk, use: 'seal', certificate: newSealing.certificate, ...window });
      [signing, sealing] = [newSigning, newSealing];
      agent = new Agent({ keepAlive: true, cert: client.certificate, key: client.key, ca: own.authority.certificate });
      if (current) retired.push(current);
      current = { spki: client.spki, agent };
      // The one before the last has nothing under way any more, once what took so long is through.
      const old = retired.length > 1 ? retired.shift() : undefined;
      if (old) {
        while (underWay.includes(old.agent)) await pause(20);
        await registrar.revokeClient(old.spki, 'superseded');
        old.agent.destroy();
      }
      rotations++;
    }
  };
  await Promise.all([rotate(), ...Array.from({ length: 3 }, send)]);
  await eventually(async () => (await scene.sql(`select from waybill.transfer where state = 'queued'`)).length === 0);
  // What was sealed to a key that was replaced since is still handed out: its window is over, it was not revoked.
  const served: number[] = [];
  for (const transfer of accepted) served.push((await council.get(`/v1/mailbox/${transfer}/parts/part-1`)).status);
  figure('R20', `client certificate, signing key and sealing key replaced ${rotations} times in ${seconds} s, ${accepted.length} shares sent: ${failed.length} failed; ${served.filter((status) => status === 200).length} of them collected (${FRONT_DOOR})`);
  expect(failed).toEqual([]);
  expect(new Set(served)).toEqual(new Set([200]));
  for (const each of [...retired, ...(current ? [current] : [])]) each.agent.destroy();
}, PATIENCE_MS);
