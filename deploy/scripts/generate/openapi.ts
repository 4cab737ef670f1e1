import { readFileSync } from 'node:fs';
import { BREACH_CODES } from '#breach/codes';
import { PART_CODES } from '#envelope/cms-codes';
import { DUTY_CODES } from '#duties/codes';
import { EXCHANGE_CODES } from '#exchange/codes';
import { CONDITIONS, type ReasonCode } from '#policy/conditions';
import { OUTCOMES } from '#policy/conditions/outcomes';
import { NOT_SHARING } from '#policy/not-sharing';
import { RECEIVING } from '#policy/receiving';
import { RELEASING } from '#policy/releasing';
import { ANSWERING_MATTERS, PUTTING } from '#policy/matters';
import { CLOSING_RIGHTS, EXTENDING_RIGHTS, RECEIVING_RIGHTS } from '#policy/rights';
import { NOTIFYING } from '#policy/notifications';
import { RETAINING } from '#policy/retention';
import { AGREEMENT_STATING } from '#policy/agreement-stating';
import { CALLING_MEETINGS, STATING_OF_MEETINGS } from '#policy/meetings';
import { STATING } from '#policy/stating';
import { ATTESTING } from '#policy/attesting';
import { MOVING } from '#policy/joining';
import { SUSPENDING } from '#policy/suspending';
import { BREACH_STATING } from '#policy/breach-stating';
import { GRAMMAR } from '#protocol/grammar';
import { ALWAYS, type Answered, CALLERS, OF_PARTNERS, type Parameter, type Route, ROUTES } from '#protocol/routes';
import { EDGE_CODES } from '../../../apps/gateway/problems';
import { bodyOf, schemaOf } from './bodies';
import { EXAMPLES } from './examples';
import { wireSchemas } from './schemas';

const KINDS = { ...PART_CODES, ...EXCHANGE_CODES, ...DUTY_CODES, ...BREACH_CODES, ...EDGE_CODES };
export type ProblemCode = keyof typeof KINDS | ReasonCode;

// A route that names a code nobody answers with does not compile.
const routes: readonly (Route & { problems?: readonly ProblemCode[] })[] = ROUTES;

/** All codes with which a route can answer. */
export function problemsOf(route: Route): string[] {
  const rooms = { breach: [...BREACH_STATING, ...SUSPENDING].map(({ code }) => code), gate: Object.keys(PART_CODES), agreement: [...CONDITIONS.map(({ code }) => code), ...Object.keys(OUTCOMES)], 'not-sharing': NOT_SHARING.map(({ code }) => code), releasing: RELEASING.map(({ code }) => code), stating: STATING.map(({ code }) => code), agreements: AGREEMENT_STATING.map(({ code }) => code), meetings: [...CALLING_MEETINGS, ...STATING_OF_MEETINGS].map(({ code }) => code), receiving: RECEIVING.map(({ code }) => code), matters: [...PUTTING, ...ANSWERING_MATTERS].map(({ code }) => code), retaining: RETAINING.map(({ code }) => code), memberships: [...MOVING, ...ATTESTING].map(({ code }) => code), notifying: NOTIFYING.map(({ code }) => code), rights: [...RECEIVING_RIGHTS, ...EXTENDING_RIGHTS, ...CLOSING_RIGHTS].map(({ code }) => code) };
  const always = route.who === 'anybody' ? ALWAYS.filter((code) => !OF_PARTNERS.includes(code)) : ALWAYS;
  return [...new Set([...(route.problems ?? []), ...(route.problemsOf ?? []).flatMap((room) => rooms[room]), ...always])];
}

/** OpenAPI 3.1 of the gateway. */
export function openApi(): object {
  const { version, license } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string; license: string };
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Waybill gateway', version, license: { name: license, identifier: license },
      summary: 'Over which agencies that safeguard children and adults exchange what they know about a person at risk.',
      description: 'Personal information travels sealed and is never readable here. What stands in clear is codes, ids, digests and instants. Every refusal says what to do next; `docs/codes.md` holds all codes, `docs/limits.md` all limits, `docs/states.md` the states of a transfer.',
    },
    servers: [{ url: 'https://{host}', variables: { host: { default: 'gateway.example', description: 'The gateway’s host, as it stands in every manifest.' } } }],
    security: [{ mutualTLS: [] }],
    tags: [...new Set(routes.map(({ room }) => room))].map((name) => ({ name })),
    paths: Object.fromEntries([...Map.groupBy(routes, ({ path }) => path)].map(([path, on]) => [path, Object.fromEntries(on.map((route) => [route.method.toLowerCase(), operation(route)]))])),
    components: {
      securitySchemes: { mutualTLS: { type: 'mutualTLS', description: 'A client certificate whose public key the directory binds to an agency today. Names in the certificate mean nothing.' } },
      schemas: Object.fromEntries(Object.entries(wireSchemas()).map(([name, schema]) => [name, name in EXAMPLES ? { ...schema, examples: [EXAMPLES[name]] } : schema])),
    },
  };
}

function operation(route: Route): object {
  const { answer, partly } = route;
  return {
    operationId: route.id,
    tags: [route.room],
    summary: route.says,
    description: [CALLERS[route.who], route.more].filter(Boolean).join(' '),
    ...(route.who === 'anybody' ? { security: [] } : {}),
    ...parameters(route),
    ...(route.body ? { requestBody: bodyOf(route.body) } : {}),
    responses: {
      ...answered(answer),
      ...(partly ? answered(partly) : {}),
      ...refusals(problemsOf(route)),
    },
  };
}

const answered = ({ status, says, type, or, holds, headers }: Answered): object => ({
  [status]: {
    description: says,
    ...(headers ? { headers: Object.fromEntries(Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }])) } : {}),
    ...(type === undefined ? {} : { content: { [type]: holds ? { schema: schemaOf(holds) } : {}, ...(or ? { [or]: {} } : {}) } }),
  },
});

const IN_PATH: Readonly<Record<string, { says: string; pattern: RegExp }>> = {
  agreement: { says: 'Id of an agreement.', pattern: GRAMMAR.agreement },
  id: { says: 'Id of the share or entry.', pattern: GRAMMAR.uuid },
  upload: { says: 'Id of the upload.', pattern: GRAMMAR.uuid },
  matter: { says: 'Id of the matter.', pattern: GRAMMAR.uuid },
  rights: { says: 'Id of the rights request.', pattern: GRAMMAR.uuid },
  breach: { says: 'Id of the case.', pattern: GRAMMAR.uuid },
  notification: { says: 'Id of the notification.', pattern: GRAMMAR.uuid },
  duty: { says: 'Id of the duty.', pattern: GRAMMAR.uuid },
  transfer: { says: 'Id of the transfer.', pattern: GRAMMAR.uuid },
  name: { says: 'Name of the part.', pattern: GRAMMAR.part },
  contact: { says: 'Id of a contact of the agency.', pattern: GRAMMAR.contact },
  meeting: { says: 'Id of the meeting.', pattern: GRAMMAR.uuid },
  agency: { says: 'Id of the agency.', pattern: GRAMMAR.agency },
};

function parameters(route: Route): { parameters?: object[] } {
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
    const known = IN_PATH[name];
    if (!known) throw new Error(`${route.path} has a {${name}} that IN_PATH does not know`);
    return { name, in: 'path', required: true, description: known.says, schema: { type: 'string', pattern: known.pattern.source } };
  });
  const asked = (route.parameters ?? []).map(({ name, in: place, says, pattern, required }: Parameter) =>
    ({ name, in: place, ...(required ? { required } : {}), description: says, schema: { type: 'string', pattern: pattern.source } }));
  return inPath.length + asked.length > 0 ? { parameters: [...inPath, ...asked] } : {};
}

/** One answer for each status, with the codes that it may carry. A condition of an agreement is a 422. */
function refusals(codes: readonly string[]): object {
  const kindOf = (code: string): { status: number; says?: string } => (KINDS as Readonly<Record<string, { status: number; says: string }>>)[code] ?? { status: 422 };
  const statuses = [...Map.groupBy(codes, (code) => kindOf(code).status)].sort(([a], [b]) => a - b);
  return Object.fromEntries(statuses.map(([status, same]) => [status, {
    description: same.length > 4 ? `One of the codes named; the first reason stands in front.` : same.map((code) => `\`${code}\`: ${kindOf(code).says ?? 'the agreement does not permit this'}`).join(' '),
    ...(status === 503 || status === 429 ? { headers: { 'Retry-After': { description: 'Seconds after which to send the same again.', schema: { type: 'string' } } } } : {}),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem', properties: { status: { const: status }, code: { enum: [...same].sort() } } } } },
  }]));
}
