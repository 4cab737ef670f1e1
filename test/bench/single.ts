import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import type { Client } from 'pg';
import { readSealed } from '#envelope/gate';
import { proposed } from '#policy/cases-run';
import { decide } from '#policy/decide';
import { loadAgreement } from '#policy/load';
import type { Party } from '#policy/parties';
import type { Line, PartLine } from '#protocol/line';
import { verifyInclusionFile } from '#register/evidence';
import { attacksOn, ourExpressions } from '../world/expressions';
import type { LoadPlan } from './load';
import { percentile } from './usage';

// Single things, each by itself on an otherwise idle machine.

export interface Single {
  what: string;
  p50: number;
  p99: number;
  more?: string;
}

const MEGABYTE = 1024 * 1024;

async function timed(what: string, times: number, work: (i: number) => unknown, more?: (p50: number) => string): Promise<Single> {
  for (let i = 0; i < Math.ceil(times / 10); i++) await work(i);
  const took: number[] = [];
  for (let i = 0; i < times; i++) {
    const began = performance.now();
    await work(i);
    took.push(performance.now() - began);
  }
  const p50 = percentile(took, 0.5);
  return { what, p50, p99: percentile(took, 0.99), ...(more ? { more: more(p50) } : {}) };
}

export function decisions(): Promise<Single> {
  const { agreement, cases } = wirral();
  const { parties, proposal } = proposed(agreement, cases.world);
  return timed('decide, five lines to two recipients', 5_000, () => decide(agreement, parties, proposal), (p50) => `${(1 / p50).toFixed(1)} k a second`);
}

/** Ten recipients, six parts to each, in a partnership of five hundred. */
export function largeDecisions(): Promise<Single> {
  const { agreement, cases } = wirral();
  const { world } = cases;
  const trust = world.parties['community-health-and-care'] as Party;
  const others = Array.from({ length: 500 }, (_, i): Party => ({ ...trust, agency: `agency-${i}`, controller: { ...trust.controller, id: `agency-${i}` }, contacts: trust.contacts.map(({ desk: _desk, ...contact }) => contact) }));
  const to = [...others.slice(0, 9).map(({ agency }) => ({ agency, contact: 'health-visitors' })), { agency: 'wirral-council', contact: 'front-door' }];
  const categories = ['names', 'birth-and-death', 'addresses', 'contacts-with-service', 'health', 'risk-flags'];
  const lines: Partial<Line>[] = [
    ...to.flatMap((recipient) => categories.map((category, i): Partial<PartLine> => ({ recipient, part: `part-${i + 1}`, category, needToKnow: 'protects-from-harm', kind: 'fact', source: 'own-record', asOf: '2026-03-02' }))),
    ...to.map((recipient): Partial<Line> => ({ recipient, about: 'subject', reference: 'JB-2041', band: 'under-16' })),
    world.lines.at(-1) as Partial<Line>,
  ];
  const { proposal } = proposed(agreement, { ...world, lines });
  const known = new Map([...Object.values(world.parties), ...others].map((party) => [party.agency, party]));
  const members = new Map([...known.values()].reverse().flatMap((party) => party.memberships.map(({ entry }) => [entry, party])));
  const parties = { party: (agency: string) => known.get(agency), member: (entry: string) => members.get(entry) };
  const decision = decide(agreement, parties, proposal);
  if (decision.outcome !== 'permitted' || decision.transfers.length !== 10 || decision.struckOff.length > 0) throw new Error(`the share of the bench is not permitted whole: ${JSON.stringify(decision).slice(0, 400)}`);
  return timed('decide, six parts to each of ten recipients, 500 parties', 5_000, () => decide(agreement, parties, proposal), (p50) => `${(p50 * 1_000).toFixed(0)} µs; wanted under 100`);
}

function wirral() {
  const read = (file: string) => ({ file, text: readFileSync(`deploy/agreements/wirral/${file}`, 'utf8') });
  const loading = loadAgreement({ ...read('agreement.yaml'), cases: read('cases.yaml') });
  if (!loading.ok || !loading.cases) throw new Error('the profile does not load');
  return { agreement: loading.agreement, cases: loading.cases };
}

/** A6: of all our regular expressions the slowest, on 64 KB that were written to slow it. The shortest of some attempts counts: it is the expression that is measured. */
export function expressions(): Promise<Single> {
  const all = ourExpressions().map((found) => ({ expression: new RegExp(found.source, found.flags.replace(/[gy]/g, '')), texts: attacksOn(found, 64 * 1024) }));
  const shortest = (expression: RegExp, text: string): number => Math.min(...Array.from({ length: 5 }, () => {
    const began = performance.now();
    expression.test(text);
    return performance.now() - began;
  }));
  const took = all.map(({ expression, texts }) => Math.max(...texts.map((text) => shortest(expression, text))));
  return Promise.resolve({ what: `regular expressions, ${all.length} on 64 KB of malice`, p50: percentile(took, 0.5), p99: Math.max(...took), more: 'p99: the slowest' });
}

export async function gates(): Promise<Single[]> {
  const singles: Single[] = [];
  for (const [size, times] of [[2_048, 5_000], [64 * 1024, 2_000], [MEGABYTE, 200], [20 * MEGABYTE, 15]] as const) {
    const message = sealed(size);
    singles.push(await timed(`gate, ${size < MEGABYTE ? `${size / 1024} KB` : `${size / MEGABYTE} MB`}`, times, async () => {
      const read = await readSealed(chunks(message), { maxOctets: 2 ** 30, maxAddressees: 8, sink: () => undefined });
      if (!read.ok) throw new Error(read.problem.code);
    }, (p50) => `${((size / MEGABYTE / p50) * 1_000).toFixed(0)} MB a second`));
  }
  return singles;
}

/** Proofs of entries all over a register, asked for over HTTP and verified. */
export async function proofs(plan: Pick<LoadPlan, 'port' | 'tls'>, { owner, controller, vkey }: { owner: Client; controller: string; vkey: string }): Promise<Single> {
  const { rows } = await owner.query<{ entry: string }>('select entry from waybill.leaf where controller = $1 and index % 997 = 0 limit 300', [controller]);
  const get = getter(plan);
  const { rows: size } = await owner.query<{ size: string }>('select size from waybill.log where controller = $1', [controller]);
  return timed(`proof of one entry among ${Number(size[0]?.size).toLocaleString('en-GB')}, asked for and verified`, 300, async (i) => {
    const { status, body } = await get(`/v1/register/entries/${rows[i % rows.length]?.entry}/proof`);
    const verdict = status === 200 ? verifyInclusionFile(JSON.parse(body), vkey) : undefined;
    if (!verdict?.ok) throw new Error(`a proof that does not hold: ${status} ${body.slice(0, 200)}`);
  });
}

export async function mailbox(plan: Pick<LoadPlan, 'port' | 'tls'>, waiting: number): Promise<Single> {
  const get = getter(plan);
  return timed(`mailbox, one page with ${waiting.toLocaleString('en-GB')} waiting`, 200, async () => {
    const { status, body } = await get('/v1/mailbox');
    if (status !== 200 || (JSON.parse(body) as { items: unknown[] }).items.length === 0) throw new Error(`no mailbox: ${status}`);
  });
}

function getter({ port, tls }: Pick<LoadPlan, 'port' | 'tls'>): (path: string) => Promise<{ status: number; body: string }> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ...tls });
  return (path) => new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', servername: 'localhost', port, agent, path }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(pieces).toString() }));
    }).on('error', reject).end();
  });
}

/** RFC 9580, 5.1 and 5.13: one version 3 wrapped key (X25519 as a library writes it is all the same to the gate) and version 1 data. */
function sealed(size: number): Buffer {
  const wrapped = Buffer.concat([Buffer.from([0xc1, 0x4e, 3]), randomBytes(8), Buffer.from([18, 1, 7, 0x40]), randomBytes(32), Buffer.from([0x20]), randomBytes(32)]);
  const length = Buffer.alloc(5);
  length[0] = 0xff;
  length.writeUInt32BE(size + 1, 1);
  return Buffer.concat([wrapped, Buffer.from([0xd2]), length, Buffer.from([1]), randomBytes(size)]);
}

async function* chunks(message: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < message.length; at += 65_536) yield message.subarray(at, at + 65_536);
}
