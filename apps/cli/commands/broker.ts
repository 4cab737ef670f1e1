import { X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { GRAMMAR } from '#protocol/grammar';
import { admission, type Holder, nameFault, placeOf } from '#queue/partner-topology';
import { command, type Common, group, running, type Setting } from '../command';
import type { Result } from '../ending';
import { namedText, writeNew } from '../files';
import { type Io, UsageError } from '../io';

type Admit = Common & { certificate: string; out: string };

/** `waybill broker`: what the broker's own operator imports. It connects to nothing: no process and no command of ours administers a broker. */
export function brokerCommand(setting: Setting): Command {
  const broker = group('broker', 'Write what RabbitMQ is to know of partners. For the operator of the broker.');
  broker.addCommand(
    command('admit', 'Write the definitions of a contact’s own queue, which the certificate named there may read and nobody else.', 'waybill broker admit merebrook-council/front-door --certificate front-door.pem --out front-door.json')
      .argument('<contact>', 'agency/contact').requiredOption('--certificate <file>', 'with which the partner connects, issued by the broker’s own authority').requiredOption('--out <file>')
      .action((contact: string, options: Admit) => running(setting, options, () => Promise.resolve(admit(setting.io, contact, options)))),
  );
  return broker;
}

function admit(io: Io, text: string, { certificate, out }: Admit): Result {
  const holder = holderOf(text);
  const user = userOf(io, certificate);
  const fault = nameFault(holder, user);
  if (fault) throw new UsageError([fault], `Have the broker’s authority issue one for the partner’s key with the common name ${placeOf(holder)}; where that is longer than 64 characters, with another that nobody else has.`);
  const [path, place] = [resolve(io.cwd, out), placeOf(holder)];
  writeNew(path, `${JSON.stringify(admission(holder, user), null, 2)}\n`);
  return { ending: 'done', data: { file: path, queue: place, user }, text: `Wrote ${path}: ${user} may read ${place}, in a virtual host of its own.\nImport it: rabbitmqctl import_definitions ${path}\nTake it back: rabbitmqctl delete_user ${user}` };
}

function holderOf(text: string): Holder {
  const [agency = '', contact = '', ...more] = text.split('/');
  if (!GRAMMAR.agency.test(agency) || !GRAMMAR.contact.test(contact) || more.length > 0) throw new UsageError([`${JSON.stringify(text)} is no contact`], 'Write it as agency/contact.');
  return { agency, contact };
}

/** The name by which the broker knows whoever presents this certificate. */
function userOf(io: Io, file: string): string {
  const text = namedText(io, file, 'the partner’s certificate for the broker');
  const names = subjectOf(text, file).split('\n').flatMap((part) => (part.startsWith('CN=') ? [part.slice(3)] : []));
  if (names.length !== 1) throw new UsageError(['it has not one common name'], 'Have one issued that has: by it RabbitMQ knows who connects.');
  return names[0] as string;
}

function subjectOf(text: string, file: string): string {
  try {
    return new X509Certificate(text).subject;
  } catch {
    throw new UsageError([`${file} is no certificate`], 'Give it as PEM.');
  }
}
