import { mkdirSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { type Authority, issue, issueClient, makeAuthority, renewAuthority, validityOf } from '#envelope/authority';
import { readCertificate } from '#envelope/certificates';
import { readApproval } from '#enrolment/approval';
import { EnrolmentRefusal } from '#enrolment/codes';
import { command, type Common, group, running, type Setting } from '../command';
import type { Result } from '../ending';
import { certificateWith, endOf, named, namedText, requirePrivate, writeNew } from '../files';
import { type Io, UsageError } from '../io';

type Init = Common & { out: string; name: string; until: string; coOrdinator: string; fingerprint: string };
type Issue = Common & { authority: string; out: string };
type Renew = Common & { authority: string; until: string };
type Server = Common & { authority: string; out: string; until: string; host: string[] };

const [KEY, CERTIFICATE, COORDINATOR] = ['authority.key', 'authority.pem', 'co-ordinator.cert.pgp'];
const several = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

/** `waybill authority`: the partnership's own certificate authority. A command on a machine of its own; no serving process can issue. */
export function authorityCommand(setting: Setting): Command {
  const { io } = setting;
  const authority = group('authority', 'Issue TLS certificates for what the co-ordinator approved.');
  authority.addCommand(
    command('init', 'Make the authority, and pin the co-ordinator whose approvals it issues for.', "waybill authority init --out authority --name 'Merebrook partnership' --until 2036-12-31 --co-ordinator co-ordinator.cert.pgp --fingerprint '1A2B …'")
      .requiredOption('--out <dir>').requiredOption('--name <name>', 'name of the authority').requiredOption('--until <day>', 'last day')
      .requiredOption('--co-ordinator <file>', 'the co-ordinator’s certificate').requiredOption('--fingerprint <groups>', 'its fingerprint, as it was read out to you')
      .action((options: Init) => running(setting, options, () => init(io, options))),
  );
  authority.addCommand(
    command('issue', 'Issue the client certificate of an approval: for its key, its agency and its days, whatever the request says.', 'waybill authority issue approval.json --authority authority --out client.pem')
      .argument('<approval>').requiredOption('--authority <dir>').requiredOption('--out <file>')
      .action((file: string, options: Issue) => running(setting, options, () => issuing(io, file, options))),
  );
  authority.addCommand(
    command('server', 'Make a key and a certificate for the gateway’s own listener.', 'waybill authority server --host gateway.example --authority authority --until 2027-12-31 --out tls')
      .requiredOption('--host <name>', 'under which partners reach it', several).requiredOption('--authority <dir>').requiredOption('--until <day>', 'last day').requiredOption('--out <dir>')
      .action((options: Server) => running(setting, options, () => serving(io, options))),
  );
  authority.addCommand(
    command('renew', 'Give the authority’s own certificate a later end. The key stays, and what it issued holds.', 'waybill authority renew --authority authority --until 2046-12-31')
      .requiredOption('--authority <dir>').requiredOption('--until <day>', 'last day')
      .action((options: Renew) => running(setting, options, () => Promise.resolve(renewing(io, options)))),
  );
  return authority;
}

async function init(io: Io, { out, name, until, coOrdinator, fingerprint }: Init): Promise<Result> {
  const folder = resolve(io.cwd, out);
  const coordinator = await certificateWith(named(io, coOrdinator, 'the co-ordinator’s certificate'), fingerprint);
  const made = await makeAuthority(name, { from: io.now(), until: endOf(until) });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeNew(join(folder, KEY), made.key, { secret: true });
  writeNew(join(folder, CERTIFICATE), made.certificate);
  writeNew(join(folder, COORDINATOR), coordinator.octets);
  return { ending: 'done', data: { certificate: join(folder, CERTIFICATE), until }, text: `Made ${join(folder, KEY)}; keep it off the gateway's machines.\nEvery partner gets ${join(folder, CERTIFICATE)}.` };
}

function opened(io: Io, dir: string): { folder: string; authority: Authority } {
  const folder = resolve(io.cwd, dir);
  const [key, certificate] = [KEY, CERTIFICATE].map((file) => namedText(io, join(folder, file), 'the folder of the authority')) as [string, string];
  requirePrivate([join(folder, KEY)]);
  return { folder, authority: { key, certificate } };
}

async function issuing(io: Io, file: string, { authority: dir, out }: Issue): Promise<Result> {
  const { folder, authority } = opened(io, dir);
  const reading = await readCertificate(named(io, join(folder, COORDINATOR), 'the folder of the authority'));
  if (!reading.ok) throw new UsageError([`${join(folder, COORDINATOR)} is no certificate`], 'Take it from your backup.');
  const approval = await readApproval(named(io, file, 'the approval'), { coordinators: [reading.certificate], at: io.now() });
  const { client, agency, from } = approval;
  if (!client) throw new EnrolmentRefusal('APPROVAL_WITHOUT_CLIENT', { agency });
  if (client.outside) throw new EnrolmentRefusal('APPROVAL_OF_OUTSIDE', { agency });
  const end = validityOf(authority.certificate).until;
  const until = end < approval.until ? end : approval.until;
  if (until <= io.now()) throw new UsageError(['the authority’s own certificate has ended'], 'waybill authority renew');
  const path = resolve(io.cwd, out);
  writeNew(path, issueClient(authority, agency, { publicKey: client.publicKey, from: from > io.now() ? from : io.now(), until }));
  return { ending: 'done', data: { file: path, agency, client: client.spki, until: until.toISOString() }, text: `Issued ${path} for ${agency}, until ${until.toISOString().slice(0, 10)}.${until < approval.until ? ' The authority ends before the approval does: waybill authority renew.' : ''}` };
}

async function serving(io: Io, { authority: dir, out, until, host }: Server): Promise<Result> {
  const { authority } = opened(io, dir);
  const folder = resolve(io.cwd, out);
  const made = await issue(authority, host[0] ?? '', { from: io.now(), until: endOf(until), hosts: host });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeNew(join(folder, 'tls.key'), made.key, { secret: true });
  writeNew(join(folder, 'tls.pem'), made.certificate);
  return { ending: 'done', data: { folder, hosts: host }, text: `Made ${join(folder, 'tls.key')} and ${join(folder, 'tls.pem')} for ${host.join(', ')}.` };
}

function renewing(io: Io, { authority: dir, until }: Renew): Result {
  const { folder, authority } = opened(io, dir);
  const renewed = renewAuthority(authority, { from: io.now(), until: endOf(until) });
  const old = join(folder, `authority-until-${validityOf(authority.certificate).until.toISOString().slice(0, 10)}.pem`);
  renameSync(join(folder, CERTIFICATE), old);
  writeNew(join(folder, CERTIFICATE), renewed.certificate);
  return { ending: 'done', data: { certificate: join(folder, CERTIFICATE), before: old, until }, text: `${join(folder, CERTIFICATE)} holds until ${until}. Give it to every partner before the old one ends; until then both hold.` };
}
