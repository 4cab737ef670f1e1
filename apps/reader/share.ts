import type { CopyVerified } from '#client/copy';
import type { PartOpened } from '#client/mailbox';
import { adviceAsked } from './advice';
import { shown } from './contents';
import { element, facts } from './elements';
import { marksOf, plain, URGENCY } from './words';

/** The case reference under which the sender speaks of the person: never a name. */
export const referenceOf = ({ mine, read }: CopyVerified): string => mine.flatMap((line) => ('about' in line && line.about === 'subject' && 'reference' in line ? [line.reference] : []))[0] ?? read.id.slice(0, 8);

/** What has to be known before anything is read: how it may be handled comes before what it says. */
export function before(copy: CopyVerified): Node[] {
  const { read, claims, signer, signerPast } = copy;
  return [
    ...(read.urgency === 'emergency' ? [element('p', { class: 'warning', text: 'Emergency. If someone is in immediate danger ring 999, then the front door. Do not wait for an answer here.' })] : []),
    ...(read.handling.doNotTellSubject ? [element('p', { class: 'warning', id: 'do-not-tell', text: 'Do not tell the person that this was shared: telling could put somebody at risk.' })] : []),
    facts([
      ['Marking', read.classification ?? claims.classification],
      ['Reference', referenceOf(copy)],
      ['Urgency', URGENCY[read.urgency]],
      ['From', `${read.sender.agency}${read.sender.role ? `, ${plain(read.sender.role)}` : ''}`],
      ['Signed by', `${signer.agency}/${signer.contact}: the co-ordinator vouches for its key${signerPast ? ', which has been replaced since' : ''}`],
      ['Shared', new Date(read.created).toLocaleString('en-GB', { timeZone: 'Europe/London', dateStyle: 'long', timeStyle: 'short' })],
      ['For', plain(read.purpose ?? 'not stated')],
      ...(read.advice ? [['Asks for advice', adviceAsked(read.advice)] as const] : []),
      ['By what right', [read.lawfulBasis, ...(read.conditions ?? []), read.legalGateway].filter(Boolean).join(', ') || 'not stated'],
      ...Object.entries(claims.handling).filter(([, value]) => value !== false).map(([name, value]) => [`Handling: ${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`, value === true ? 'yes' : plain(String(value))] as const),
    ]),
  ];
}

/** One part: how far it can be relied on, and then what it says. */
export function opened(copy: CopyVerified, { name, category, author, octets }: PartOpened): HTMLElement {
  const line = copy.parts.get(name);
  const heading = `${name}: ${plain(category)}`;
  return element('section', { class: 'part', 'aria-label': heading },
    element('h2', { text: heading }),
    element('ul', { class: 'marks' }, ...(line ? marksOf(line) : []).map((text) => element('li', { text }))),
    ...(line?.confidence === 'doubtful' ? [element('p', { class: 'warning', text: `Its author doubts it${line.doubt ? `: ${plain(line.doubt)}` : ''}.` })] : []),
    ...(author === 'not-bound' ? [element('p', { class: 'warning', text: 'Nothing inside says that the sender wrote this for this share. The sender answers for having sent it.' })] : []),
    shown(octets, name, heading));
}
