import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { memberships, oversightDigest, stateMembership } from '#client/memberships';
import { ATTESTATIONS, type AttestationEntry } from '#policy/vocabulary/attestations';
import { sha256 } from '#protocol/digest';
import type { AttestationTold, OversightDigest, OwnMembership } from '#protocol/membership-answers';
import { atHome, type Common, group, runningAtHome, type Setting } from '../command';
import type { Result } from '../ending';
import { writeNew } from '../files';

export type Attesting = { agreement: string; on?: string; until?: string; link?: string; reference?: string; digest?: string; covers?: string[] };

/** What an attestation is given with, whoever makes it. */
export const attestedWith = (command: Command): Command =>
  command.argument('<what>', Object.entries<AttestationEntry>(ATTESTATIONS).map(([code, { says }]) => `${code}: ${says}`).join('. '))
    .requiredOption('--agreement <id>', 'under which agreement').option('--on <day>', 'day of the review, the approval or the report; today, if not given').option('--until <day>', 'last day of a certificate, or the day by which one is worked towards')
    .option('--link <address>', 'where it is published: https').option('--reference <reference>', 'of a certificate').option('--digest <sha256>', 'of the report that was read').option('--covers <codes...>', 'what it covers: docs/codes.md');

/** As it is stated. @param today the day where none is given */
export const attestedOf = (what: string, { on, until, link, reference, digest, covers }: Attesting, today: Date): { what: string; on: string } & Omit<Attesting, 'agreement' | 'on'> => ({
  what, on: on ?? today.toISOString().slice(0, 10), ...(until !== undefined && { until }), ...(link !== undefined && { link }), ...(reference !== undefined && { reference }), ...(digest !== undefined && { digest }), ...(covers !== undefined && { covers }),
});

/** `waybill attest`: that something is so, as an agreement wants it attested. */
export function attestCommand(setting: Setting): Command {
  return attestedWith(atHome('attest', 'Attest something that an agreement asks of you, signed. It stands in your register, and is due again.', 'waybill attest privacy-notice --agreement example-partnership --link https://school.example/privacy\nwaybill attest at-rest --agreement example-partnership --covers devices servers'))
    .action((what: string, options: Common & Attesting) => runningAtHome(setting, options, async ({ partner }) => told(await stateMembership(partner, { agreement: options.agreement, kind: 'attests', attested: attestedOf(what, options, setting.io.now()) }))));
}

/** `waybill membership`: an agency's own places in agreements. */
export function membershipCommand(setting: Setting): Command {
  const membership = group('membership', 'Your places in agreements: join, leave, see what is missing, oversee.');
  membership.addCommand(
    atHome('list', 'Show your places in agreements: what is missing, and what you are to attest.', 'waybill membership list')
      .action((options: Common) => runningAtHome(setting, options, async ({ partner }) => {
        const items = await memberships(partner);
        return { ending: 'done', data: { items }, text: items.length === 0 ? 'You have no place in an agreement here.' : items.map(lines).join('\n') };
      })),
  );
  membership.addCommand(
    atHome('join', 'Ask to join an agreement. You are no party before its co-ordinator has accepted it.', 'waybill membership join --agreement example-partnership --entry early-years')
      .requiredOption('--agreement <id>').requiredOption('--entry <code>', 'entry of its list of parties under which you come')
      .action((options: Common & { agreement: string; entry: string }) => runningAtHome(setting, options, async ({ partner }) => told(await stateMembership(partner, { agreement: options.agreement, kind: 'joins', entry: options.entry })))),
  );
  membership.addCommand(
    atHome('withdraw', 'Leave an agreement, at once. What you have not collected goes back; what you received, and all records, stay.', 'waybill membership withdraw --agreement example-partnership')
      .requiredOption('--agreement <id>')
      .action((options: Common & { agreement: string }) => runningAtHome(setting, options, async ({ partner }) => told(await stateMembership(partner, { agreement: options.agreement, kind: 'withdraws' })))),
  );
  membership.addCommand(
    atHome('oversight', 'The oversight digest of an agreement, in numbers; with its SHA-256, by which reading it is attested.', 'waybill membership oversight --agreement example-partnership --from 2026-01-01 --into digest.json')
      .requiredOption('--agreement <id>').option('--from <day>', 'first day of it; a quarter ago, if not given').addOption(new Option('--into <file>', 'write it to this file, whose digest is told'))
      .action((options: Common & { agreement: string; from?: string; into?: string }) => runningAtHome(setting, options, async ({ partner }) => overseen(setting, await oversightDigest(partner, options.agreement, options.from), options.into))),
  );
  return membership;
}

function overseen({ io }: Setting, digest: OversightDigest, into: string | undefined): Result {
  const octets = `${JSON.stringify(digest, undefined, 2)}\n`;
  if (into !== undefined) writeNew(resolve(io.cwd, into), octets);
  const sha = sha256(Buffer.from(octets));
  return {
    ending: 'done', data: { ...digest, sha256: sha },
    text: [
      `${digest.agreement}, ${digest.from.slice(0, 10)} to ${digest.until.slice(0, 10)}`, ...Object.entries(digest.counts).map(([name, count]) => `  ${name}: ${count}`), `  open duties: ${digest.open}, overdue: ${digest.overdue}`,
      ...(digest.toAttest.length > 0 ? [`  to attest: ${digest.toAttest.join(', ')}`] : []), `SHA-256 ${sha}`, `Attest that it was read: waybill attest oversight --agreement ${digest.agreement} --digest ${sha}`,
    ].join('\n'),
  };
}

const told = (own: OwnMembership): Result => ({ ending: 'done', data: own, text: lines(own) });

export const attestationLine = ({ what, weight, state, on, dueAgain, clause, posts }: AttestationTold): string =>
  `  ${what}: ${state}${on === undefined ? '' : `, of ${on}`}${dueAgain === undefined ? '' : `, counts until ${dueAgain}`}${weight === 'asked' ? ' (good practice)' : ''}${clause === undefined ? '' : `, ${clause}`}; by ${posts.join(' or ')}`;

const lines = ({ agreement, entry, status, missing, attestations }: OwnMembership): string => [
  `${agreement} as ${entry}: ${status}`, ...missing.map(({ code, says, next, cause }) => `  missing, ${code}${cause === undefined ? '' : ` (${cause})`}: ${says}. ${next}`), ...attestations.map(attestationLine),
].join('\n');
