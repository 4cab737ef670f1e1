import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PlanAnswer, Receipt, ReasonTold } from '#protocol/answers';
import { addressed } from '#protocol/line';
import { LIMITS } from '#protocol/limits';
import { ClientRefusal } from './codes';
import type { ShareDescription } from './description';
import { requireCaseNamesNobody } from './advising';
import { addressOf, alsoToldLine, type Draft, drafted, type DraftLine, requireNobodyNamed } from './drafting';
import { json } from './form';
import { nowOf, type Partner } from './partner';
import type { KeyChange } from './pins';
import { type Passphrases, type SealedShare, sealShare } from './sealing-share';
import { type Submitting, submit } from './submitting';
import { type NotVouched, recipientKeys, type SealTo } from './vouching';

/** To what each recipient's parts are sealed, by `agency/contact`. */
export interface Sealing {
  keys: ReadonlyMap<string, SealTo>;
  refused: readonly NotVouched[];
}

export interface Planned {
  draft: Draft;
  answer: PlanAnswer;
  keys: Sealing;
  /** Lines that will go: permitted, and to somebody whose key is vouched for. */
  lines: readonly DraftLine[];
  changes: readonly KeyChange[];
}

export interface SendOptions extends Submitting {
  /** Codes of a vocabulary, which may hold a word that is somebody's name too. */
  knownCodes?: ReadonlySet<string>;
  /** `permitted`: only lines that the plan permits are sealed and sent. `proposed`: all are, and the gateway strikes off what it must, on record. */
  seal?: 'permitted' | 'proposed';
  /** Where the sealed parts of this share are kept, for the caller to remove; if not given, in a temporary folder that is gone at the end. */
  folder?: (share: string) => string;
  /** Told once, before the first octet leaves: the passphrases of containers, which are kept nowhere. */
  passphrases?: (passphrases: Passphrases) => void;
  /** Told before the first octet leaves, to keep as one's own evidence, and to go on with after a crash. */
  sealed?: (share: SealedShare, planned: Planned) => Promise<void> | void;
}

export interface Sent {
  share: string;
  receipt: Receipt;
  planned: Planned;
  sealed: SealedShare;
}

/** Asks what would be decided of each line, and holds the keys that are offered to the co-ordinator's word. Seals nothing, sends no part. @throws ClientRefusal, GatewayProblem */
export async function plan(partner: Partner, share: ShareDescription, { knownCodes, seal = 'permitted' }: SendOptions = {}): Promise<Planned> {
  const at = nowOf(partner);
  const proposed = drafted(share, partner.connection.gateway, at);
  requireNobodyNamed(share, proposed, knownCodes);
  await requireCaseNamesNobody(share);
  const answer = await partner.connection.json<PlanAnswer>({ path: '/v1/share-plans', method: 'POST', body: json({ manifest: proposed.manifest, lines: proposed.lines }) });
  if (!Array.isArray(answer.lines) || !Array.isArray(answer.certificates) || !Array.isArray(answer.reasons)) throw new ClientRefusal('ANSWER_INVALID', { path: '/v1/share-plans' });
  partner.pins.rememberFrontDoors(answer.emergency);
  const permitted = new Set(answer.lines.filter((line) => line.permitted).map((line) => line.line));
  const going = answer.outcome === 'permitted' ? proposed.lines.filter((_, i) => seal === 'proposed' || permitted.has(i)) : [];
  const wanted = new Set(going.filter((line) => line.part !== undefined).map((line) => addressed(line.recipient)));
  const contained = share.recipients.filter(({ channel }) => channel === 'mail-container').map(addressed).filter((to) => wanted.has(to));
  const vouched = await recipientKeys(answer.certificates, new Set([...wanted].filter((to) => !contained.includes(to))), partner.pins, at);
  const keys: Sealing = { refused: vouched.refused, keys: new Map<string, SealTo>([...vouched.keys, ...contained.map((to) => [to, { form: 'container', certificates: [] }] as const)]) };
  const changes = [...keys.keys].flatMap(([place, { certificates }]) => certificates.flatMap(({ fingerprint }) => partner.pins.notice({ ...addressOf(place), use: 'seal', fingerprint }) ?? []));
  const { draft, lines } = eachInOneForm(proposed, settled(proposed, going, keys, { own: partner.agency, answer }), keys);
  return { draft, answer, keys, lines: share.alsoTold === undefined ? [...lines, ...alsoToldByDefault(lines, answer)] : lines, changes };
}

/**
 * A part is sealed once, in one form. Where some of its recipients have OpenPGP keys and others only S/MIME certificates, those get the same
 * as a part of its own, behind all others; and so does everybody whose passphrase nobody else may have.
 */
function eachInOneForm(draft: Draft, lines: readonly DraftLine[], { keys }: Sealing): { draft: Draft; lines: DraftLine[] } {
  const parts = new Map(draft.parts);
  const names = new Map<string, string>();
  for (const [part, described] of draft.parts) {
    const groups = new Set(lines.filter((line) => line.part === part).map((line) => groupOf(line, keys)));
    for (const [i, group] of [...groups].sort((a, b) => FORMS.indexOf(a.split(' ')[0] ?? '') - FORMS.indexOf(b.split(' ')[0] ?? '')).entries()) {
      const name = i === 0 ? part : `part-${parts.size + 1}`;
      parts.set(name, described);
      names.set(`${part} ${group}`, name);
    }
  }
  if (parts.size > LIMITS.parts.value) throw new ClientRefusal('SHARE_INVALID', { places: [`/parts: a share has 1 to ${LIMITS.parts.value} parts, and some must be sealed in several forms`] });
  return { draft: { ...draft, parts }, lines: lines.map((line) => (line.part === undefined ? line : { ...line, part: names.get(`${line.part} ${groupOf(line, keys)}`) ?? line.part })) };
}

const FORMS: readonly string[] = ['openpgp', 'smime', 'container'] satisfies SealTo['form'][];

/** Who may have the same sealed octets. */
function groupOf({ recipient }: DraftLine, keys: ReadonlyMap<string, SealTo>): string {
  const form = keys.get(addressed(recipient))?.form ?? 'openpgp';
  return form === 'container' ? `${form} ${addressed(recipient)}` : form;
}

/** Where the sender says nothing, the agreement does: those whom it names learn of one another, if they get something. */
function alsoToldByDefault(lines: readonly DraftLine[], answer: PlanAnswer): DraftLine[] {
  const reached = new Set(lines.filter((line) => line.part !== undefined).map((line) => addressed(line.recipient)));
  const told = (answer.alsoToldByDefault ?? []).filter((recipient) => reached.has(addressed(recipient)));
  return told.flatMap((recipient) => {
    const others = [...new Set(told.map(({ agency }) => agency).filter((agency) => agency !== recipient.agency))];
    return others.length > 0 ? [alsoToldLine(recipient, others)] : [];
  });
}

/**
 * Sends a share: nobody is named in clear; each recipient's key is vouched for by the co-ordinator; each part is sealed to those who may
 * have it and nobody else; the receipt is the gateway's own word that it stands in our register. Sent again after a broken connection,
 * it is still one share. @throws ClientRefusal, GatewayProblem
 */
export async function send(partner: Partner, share: ShareDescription, options: SendOptions = {}): Promise<Sent> {
  const planned = await plan(partner, share, options);
  requireSendable(planned);
  const temporary = options.folder ? undefined : await mkdtemp(join(tmpdir(), 'waybill-sealed-'));
  try {
    const sealed = await sealShare(partner, planned.draft, planned.lines, planned.keys.keys, temporary ?? options.folder?.(planned.draft.manifest.id) ?? '', options.passphrases);
    await options.sealed?.(sealed, planned);
    return { share: sealed.id, receipt: await submit(partner, sealed, options), planned, sealed };
  } finally {
    if (temporary) await rm(temporary, { recursive: true, force: true });
  }
}

/** Why a plan is not sent. A recipient whose key nobody vouches for stops it: with one exception, that an emergency still reaches a front door. @throws ClientRefusal */
export function requireSendable({ draft, answer, keys, lines }: Planned): void {
  const told = { reasons: reasonsOf(answer), ...(answer.emergency ? { emergency: answer.emergency } : {}) };
  const going = new Set(lines.filter((line) => line.part !== undefined).map((line) => addressed(line.recipient)));
  if (answer.outcome === 'refused') throw new ClientRefusal('NOT_PERMITTED', {}, told);
  const reachesFrontDoor = answer.emergency?.frontDoors.some((door) => going.has(addressed(door))) ?? false;
  const mayLack = draft.manifest.urgency === 'emergency' && reachesFrontDoor;
  const unvouched = unvouchedOf(keys, answer, draft);
  if (unvouched.length > 0 && !mayLack) throw new ClientRefusal('KEY_NOT_VOUCHED', { recipients: unvouched.map(({ agency, contact }) => `${agency}/${contact}`), because: unvouched.map(({ because }) => because) }, told);
  if (going.size === 0) throw new ClientRefusal('NOT_PERMITTED', {}, told);
}

/** Whom the plan permits and nobody vouches for; a key that was offered and refused counts even where another of the contact holds. */
export function unvouchedOf({ keys, refused }: Sealing, answer: PlanAnswer, draft: Draft): NotVouched[] {
  const permitted = answer.lines.filter((line) => line.permitted && draft.lines[line.line]?.part !== undefined).map((line) => draft.lines[line.line] as DraftLine);
  const without = [...new Set(permitted.map((line) => addressed(line.recipient)))].filter((to) => !keys.has(to) && !refused.some((each) => `${each.agency}/${each.contact}` === to));
  return [...refused, ...without.map((to) => ({ agency: to.split('/')[0] ?? '', contact: to.split('/')[1] ?? '', fingerprint: '', because: 'NO_KEY_OFFERED' }))];
}

export const reasonsOf = (answer: PlanAnswer): ReasonTold[] => [...answer.reasons, ...answer.lines.flatMap((line) => (line.permitted ? [] : line.reasons))];

/** What goes to whom: parts to recipients with a key; what goes along with them; and who else is told, as it will be true. */
function settled(draft: Draft, going: readonly DraftLine[], { keys, refused }: Sealing, { own, answer }: { own: string; answer: PlanAnswer }): DraftLine[] {
  const barred = new Set(refused.map(({ agency, contact }) => `${agency}/${contact}`));
  const reached = new Set(going.filter((line) => line.part !== undefined).map((line) => addressed(line.recipient)).filter((to) => keys.has(to) && !barred.has(to)));
  const agencies = new Set([...reached].map((to) => to.split('/')[0]));
  const chosen = new Set(going);
  // Untrue as proposed, it may be true of those who are left.
  const untrue = (i: number) => answer.lines.some((each) => each.line === i && each.reasons.length > 0 && each.reasons.every(({ code }) => code === 'ALSO_TOLD_UNTRUE'));
  return draft.lines.flatMap((line, i): DraftLine[] => {
    const to = addressed(line.recipient);
    if (line.about === 'alsoTold' && (chosen.has(line) || untrue(i))) {
      const organisations = (line as unknown as { organisations: string[] }).organisations.filter((agency) => agencies.has(agency));
      return reached.has(to) && organisations.length > 0 ? [{ ...line, organisations } as DraftLine] : [];
    }
    if (!chosen.has(line)) return [];
    return reached.has(to) || (line.part === undefined && line.recipient.agency === own) ? [line] : [];
  });
}

/** Seals what was planned in memory: nothing is written, as befits a browser. Submitted as often as it takes, it is one share. @throws ClientRefusal */
export async function sealHeld(partner: Partner, planned: Planned): Promise<SealedShare<Uint8Array>> {
  requireSendable(planned);
  return sealShare(partner, planned.draft, planned.lines, planned.keys.keys, undefined);
}
