import { X509Certificate } from 'node:crypto';
import { Agent } from 'node:https';
import type { Issued } from '#envelope/authority';
import { type Answer, ask } from '../world/partner';
import { outsideCertificate } from '../world/outside';
import { openWorld, type World } from '../world/partnership';

let world: World;
let proxy: Issued;
let through: Agent;
beforeAll(async () => {
  proxy = outsideCertificate('proxy');
  world = await openWorld({ proxy: { port: 0, certificate: proxy.certificate } });
  through = agentOf(proxy);
});
afterAll(async () => {
  through.destroy();
  await world.close();
});

const agentOf = (client?: { certificate: string; key: string }): Agent => new Agent({ keepAlive: true, ca: world.system.keys.authority.certificate, ...(client ? { cert: client.certificate, key: client.key } : {}) });
const der = (pem: string): Buffer => Buffer.from(new X509Certificate(pem).raw);
const sequence = (octets: Buffer): string => `:${octets.toString('base64')}:`;
const of = (agency: string): string => sequence(der(world.partner(agency).own.client.certificate));
const viaProxy = (header?: string | string[], path = '/v1/mailbox', agent = through): Promise<Answer> => ask(agent, world.system.proxyPort ?? 0, 'GET', path, undefined, header === undefined ? {} : { 'client-cert': header as string });

test('on its own listener the pinned proxy speaks for whom its header names, each request anew', async () => {
  expect(await viaProxy(of('st-brigid-primary'), '/v1/directory/enrolment')).toMatchObject({ status: 200, json: { agency: 'st-brigid-primary' } });
  expect(await viaProxy(of('merebrook-council'), '/v1/directory/enrolment')).toMatchObject({ status: 200, json: { agency: 'merebrook-council' } });
  expect(await viaProxy(undefined, '/health/live')).toMatchObject({ status: 200 });
});

test('the proxy alone is nobody: without the header nothing is served but what anybody may ask', async () => {
  expect(await viaProxy()).toMatchObject({ status: 401, json: { code: 'CERTIFICATE_REQUIRED' } });
});

test('a certificate that is bound to nobody, or revoked, is refused at the next request', async () => {
  expect(await viaProxy(sequence(der(proxy.certificate)))).toMatchObject({ status: 403, json: { code: 'CERTIFICATE_UNKNOWN' } });
  const { own } = world.partner('kingfisher-families');
  expect(await viaProxy(of('kingfisher-families'))).toMatchObject({ status: 200 });
  await world.system.registrar.revokeClient(own.client.spki, 'lost');
  expect(await viaProxy(of('kingfisher-families'))).toMatchObject({ status: 403, json: { code: 'CERTIFICATE_UNKNOWN' } });
});

test('on the main listener the header is refused, from whomever it comes, on open routes too', async () => {
  for (const agent of [agentOf(), agentOf(world.partner('st-brigid-primary').own.client), agentOf(proxy)]) {
    for (const path of ['/v1/mailbox', '/health/live', '/.well-known/jwks.json']) {
      for (const header of ['client-cert', 'client-cert-chain']) {
        expect(await ask(agent, world.system.port, 'GET', path, undefined, { [header]: of('merebrook-council') })).toMatchObject({ status: 400, json: { code: 'CLIENT_CERT_HEADER' } });
      }
    }
    agent.destroy();
  }
});

test.each<[string, () => { certificate: string; key: string } | undefined]>([
  ['nobody', () => undefined],
  ['a partner', () => world.partner('st-brigid-primary').own.client],
  ['the gateway’s own certificate', () => world.system.keys.server],
])('%s at the proxy’s listener is hung up on', async (_who, client) => {
  const agent = agentOf(client());
  await expect(viaProxy(of('merebrook-council'), '/health/live', agent)).rejects.toMatchObject({ code: expect.stringMatching(/ECONNRESET|EPIPE/) });
  agent.destroy();
});

test('another certificate with the proxy’s name is hung up on: its key is pinned', async () => {
  const namesake = agentOf(outsideCertificate('proxy'));
  await expect(viaProxy(of('merebrook-council'), '/v1/mailbox', namesake)).rejects.toMatchObject({ code: expect.stringMatching(/ECONNRESET|EPIPE/) });
  namesake.destroy();
});

test.each<[string, (good: Buffer, pem: string) => string | string[]]>([
  ['two headers', (good) => [sequence(good), sequence(good)]],
  ['a list of two', (good) => `${sequence(good)}, ${sequence(good)}`],
  ['parameters behind it', (good) => `${sequence(good)};a=1`],
  ['base64 without colons', (good) => good.toString('base64')],
  ['a colon at one end', (good) => `:${good.toString('base64')}`],
  ['a string', (good) => `"${good.toString('base64')}"`],
  ['an empty sequence', () => '::'],
  ['an empty header', () => ''],
  ['base64url', (good) => `:${good.toString('base64url')}:`],
  ['base64 with a bit that does not count', (good) => `:${Buffer.concat([good, Buffer.from([0])]).toString('base64').replace(/.=*$/, '/')}:`],
  ['octets behind the certificate', (good) => sequence(Buffer.concat([good, good]))],
  ['one octet more', (good) => sequence(Buffer.concat([good, Buffer.from([0])]))],
  ['a truncated certificate', (good) => sequence(good.subarray(0, -1))],
  ['the PEM in a sequence', (_, pem) => sequence(Buffer.from(pem))],
  ['the PEM, quoted as nginx does', (_, pem) => encodeURIComponent(pem)],
  ['no certificate at all', () => sequence(Buffer.from('merebrook-council'))],
  ['a public key', (good) => sequence(new X509Certificate(good).publicKey.export({ type: 'spki', format: 'der' }))],
])('%s is no certificate, and nobody’s', async (_what, bent) => {
  const { certificate } = world.partner('merebrook-council').own.client;
  expect(await viaProxy(bent(der(certificate), certificate))).toMatchObject({ status: 400, json: { code: 'CLIENT_CERT_INVALID' } });
});

test('what the proxy listens for is the same gateway: limits, problems and headers hold there too', async () => {
  const answer = await viaProxy(of('st-brigid-primary'), '/v1/nothing');
  expect(answer).toMatchObject({ status: 404, headers: { 'cache-control': 'no-store', 'content-type': expect.stringContaining('application/problem+json') } });
});
