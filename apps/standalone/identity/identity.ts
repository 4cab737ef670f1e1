import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { Provider } from 'oidc-provider';
import { Memory } from './memory';
import { chooser } from './page';

/** Somebody whom one can be in the sandbox. */
export interface Identity {
  subject: string;
  name: string;
  /** Role and organisation. */
  says: string;
}

export interface IdentityOptions {
  /** `https://localhost:9443`; this machine alone. */
  origin: string;
  tls: { key: string; certificate: string };
  /** Where the console takes people back. */
  console: string;
  identities: readonly Identity[];
  env?: Readonly<Record<string, string | undefined>>;
}

export interface RunningIdentity {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** `acr` of a sign-in with two factors. */
  secondFactor: string;
  stop(): Promise<void>;
}

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
const SECOND_FACTOR = 'urn:waybill:sandbox:two-factors';
const CLIENT = 'waybill-console';
/** In seconds, as OAuth counts. */
const MINUTES = (minutes: number): number => minutes * 60;
/** A form holds a name and a choice. */
const LARGEST_FORM = 4_096;

/** Whoever can reach it can be anybody: so it starts on this machine and for this machine, and never where something real runs. @throws Error */
export function refuseProduction(origins: readonly string[], env: Readonly<Record<string, string | undefined>>): void {
  if (env['NODE_ENV'] === 'production') throw new Error('The sandbox sign-in lets anybody be anybody and does not start with NODE_ENV=production. Name your own OpenID provider: WAYBILL_OIDC_ISSUER.');
  const elsewhere = origins.find((origin) => !LOOPBACK.has(new URL(origin).hostname));
  if (elsewhere) throw new Error(`The sandbox sign-in lets anybody be anybody and does not start for ${elsewhere}, which is not this machine alone.`);
}

/** A real OpenID provider with made-up people, in the sandbox's own process. Keys and sessions live as long as it does. */
export async function startIdentity({ origin, tls, console: back, identities, env = process.env }: IdentityOptions): Promise<RunningIdentity> {
  refuseProduction([origin, back], env);
  const clientSecret = randomBytes(32).toString('base64url');
  const provider = new Provider(origin, {
    clients: [{ client_id: CLIENT, client_secret: clientSecret, redirect_uris: [`${back}/sign-in/back`], response_types: ['code'], grant_types: ['authorization_code'], token_endpoint_auth_method: 'client_secret_post', id_token_signed_response_alg: 'ES256' }],
    jwks: { keys: [{ ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' } as never] },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    adapter: Memory,
    ttl: { AccessToken: MINUTES(5), AuthorizationCode: MINUTES(1), Grant: MINUTES(60), IdToken: MINUTES(5), Interaction: MINUTES(10), Session: MINUTES(60) },
    acrValues: [SECOND_FACTOR],
    claims: { openid: ['sub', 'acr', 'amr', 'auth_time'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/choose/${interaction.uid}` },
    findAccount: (_, subject) => (identities.some((each) => each.subject === subject) ? { accountId: subject, claims: () => ({ sub: subject }) } : undefined),
    // The console is the sandbox's own: nobody is asked whether it may know who signed in.
    loadExistingGrant: async (context) => {
      const { client, session } = context.oidc;
      const grant = new context.oidc.provider.Grant({ clientId: client?.clientId as string, accountId: session?.accountId as string });
      grant.addOIDCScope('openid');
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  const server = createServer({ key: tls.key, cert: tls.certificate }, (request, response) => {
    void (request.url?.startsWith('/choose/') ? choosing(provider, identities, request, response).catch(() => response.writeHead(400).end()) : answer(request, response));
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(Number(new URL(origin).port), '127.0.0.1', resolve));
  return {
    issuer: origin, clientId: CLIENT, clientSecret, secondFactor: SECOND_FACTOR,
    stop: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

async function choosing(provider: Provider, identities: readonly Identity[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { uid } = await provider.interactionDetails(request, response);
  if (request.method !== 'POST') {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(chooser(`/choose/${uid}`, identities));
    return;
  }
  const form = new URLSearchParams(await bodyOf(request));
  const two = form.get('factor') === 'two';
  await provider.interactionFinished(request, response, { login: { accountId: form.get('subject') ?? '', amr: two ? ['pwd', 'mfa'] : ['pwd'], ...(two ? { acr: SECOND_FACTOR } : {}) } });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const piece of request) if ((body += String(piece)).length > LARGEST_FORM) throw new Error('too long');
  return body;
}
