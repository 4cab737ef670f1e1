import { UsageError } from './io';
import { SHARE_FORMAT } from './share-file';

/** The options of `waybill send` without a file. Codes only: what tells who the person is belongs into a file. */
export interface ShareArguments {
  to?: string[];
  part?: string[];
  need?: string[];
  agreement?: string;
  purpose?: string;
  basis?: string;
  condition?: string[];
  legalGateway?: string;
  classification?: string;
  urgency?: string;
  consent?: string;
  informed?: string;
  reference?: string;
  band?: string;
  subjectName?: string[];
  subjectBorn?: string[];
  decidedBy?: string;
  decisionRole?: string;
  decisionReason?: string[];
  doNotTell?: boolean;
  mayTell?: boolean;
  allOrNothing?: boolean;
}

const NEXT = 'waybill send --help shows an example; a share file says the same more simply.';

/** Writes the options as the tree that a share file is. @throws UsageError */
export function treeOf(given: ShareArguments): Record<string, unknown> {
  const faults: string[] = [];
  if (!given.part || !given.to) faults.push('without a share file, --part and --to are needed');
  if (given.doNotTell === given.mayTell) faults.push('say either --do-not-tell or --may-tell: could telling the person put somebody at risk?');
  if (!given.subjectName) faults.push('--subject-name is missing: it is compared with what goes in clear, and never sent');
  const parts = (given.part ?? []).map((each) => {
    const [, file, category, kind] = /^(.*?):([a-z0-9.()-]+)(?::([a-z-]+))?$/.exec(each) ?? [];
    if (!file || !category) faults.push('--part is FILE:category[:kind]');
    return { file, category, ...(kind ? { kind } : {}) };
  });
  const needs = new Map((given.need ?? []).map((each) => {
    const [, to, part, code] = /^([^:/]+\/[^:/]+):(part-[0-9]+)=(.+)$/.exec(each) ?? [];
    if (!to) faults.push('--need is agency/contact:part-1=code');
    return [`${to}:${part}`, code ?? ''];
  }));
  const recipients = (given.to ?? []).map((each) => {
    const [, to, names] = /^([^=]+)=(.+)$/.exec(each) ?? [];
    if (!to || !names) faults.push('--to is agency/contact=part-1,part-2');
    return { to, parts: Object.fromEntries((names ?? '').split(',').map((name) => [name, needs.get(`${to}:${name}`) ?? ''])) };
  });
  if (faults.length > 0) throw new UsageError([...new Set(faults)], NEXT);
  const [id, version] = given.agreement?.split('@') ?? [];
  return {
    format: SHARE_FORMAT,
    ...(id ? { agreement: { id, version: version ?? '' } } : {}),
    ...some({ purpose: given.purpose, lawfulBasis: given.basis, conditions: given.condition, legalGateway: given.legalGateway, classification: given.classification, urgency: given.urgency }),
    ...some({ consent: coded(given.consent), informed: coded(given.informed), onStrikeOff: given.allOrNothing ? 'refuse' : undefined }),
    handling: { doNotTellSubject: given.doNotTell === true },
    subject: some({ reference: given.reference, band: given.band, names: given.subjectName, born: given.subjectBorn }),
    ...(given.decidedBy ? { decision: { by: given.decidedBy, role: given.decisionRole ?? '', reasons: given.decisionReason ?? [] } } : {}),
    parts,
    recipients,
  };
}

/** `not-sought:puts-child-at-risk` */
const coded = (text: string | undefined): object | undefined => (text === undefined ? undefined : { status: text.split(':')[0], ...(text.includes(':') ? { reason: text.split(':')[1] } : {}) });

const some = (fields: Record<string, unknown>): Record<string, unknown> => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
