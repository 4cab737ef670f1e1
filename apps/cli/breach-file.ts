import type { BreachDescription, BreachSaid } from '#client/breaches';
import type { IncidentReported } from '#breach/incident';
import type { HomeFile } from './home';
import { UsageError } from './io';
import { type Node, parseFile, Reader } from './share-file';

export const BREACH_FORMAT = 'waybill-breach/1';

const FACTS = ['cyber', 'causes', 'before', 'data', 'subjects', 'records', 'people', 'consequences', 'likelihood', 'highRisk', 'affected', 'impact', 'recovery', 'trained', 'taken', 'proposed', 'proposedBy', 'othersTold'] as const;
const LISTS: readonly string[] = ['causes', 'before', 'data', 'subjects', 'consequences', 'affected', 'taken', 'proposed', 'othersTold', 'reasons', 'delay', 'done', 'attended', 'shares', 'owners', 'recipients', 'agencies'];
const NUMBERS: readonly string[] = ['records', 'people', 'severity', 'likelihood'];
const REPORT = ['format', 'harm', 'caseHolder', 'role', 'agreement', 'type', 'nearMiss', 'exercise', 'happenedAt', 'foundAt', 'awareAt', 'foundBy', 'where', 'shares', 'owners', 'recipients', 'facts'] as const;
const STATED = ['format', 'role', 'outcome', 'reasons', 'awareAt', 'severity', 'likelihood', 'risk', 'agreementMet', 'reportedAt', 'reference', 'delay', 'told', 'ground', 'child', 'of', 'dueAt', 'answers', 'done', 'doneBy', 'doneAt', 'transfer', 'inWriting', 'evidence', 'attended', 'facts', 'scope'] as const;
const SCOPE = ['type', 'happenedAt', 'foundAt', 'foundBy', 'where', 'caseHolder', 'shares', 'owners', 'recipients'] as const;
const INCIDENT = ['format', 'type', 'happenedAt', 'foundAt', 'facts', 'asks', 'agencies'] as const;

const FIRST = 'Say first whether anyone could come to harm because of this: an address, a placement, who told or saw something. `harm: yes`, `no` or `unknown`. If someone is in danger, ring 999 and the front door now.';

/** A report's file as the SDK takes it. @throws UsageError with every fault, the first question first */
export function describeBreach(text: string, home: HomeFile): BreachDescription {
  const { tree, reader } = read(text, REPORT);
  if (tree['harm'] === undefined) throw new UsageError(['harm is missing'], FIRST);
  const agreement = tree['agreement'] ?? home.agreement;
  if (!agreement) reader.fault('agreement is missing, here and in the home');
  reader.finish();
  return { ...typed(tree), role: tree['role'] ?? home.role ?? 'practitioner', agreement, shares: reader.list(tree, 'shares') } as unknown as BreachDescription;
}

/** What is stated of a case, from a file. */
export function describeStatement(text: string, home: HomeFile): BreachSaid {
  const { tree, reader } = read(text, STATED);
  reader.finish();
  return { ...typed(tree), role: tree['role'] ?? home.role ?? 'practitioner' } as unknown as BreachSaid;
}

/** A breach of the gateway itself, from an operator's file. */
export function describeIncident(text: string): IncidentReported {
  const { tree, reader } = read(text, INCIDENT);
  for (const field of ['type', 'foundAt', 'asks', 'facts']) if (tree[field] === undefined) reader.fault(`${field} is missing`);
  reader.finish();
  return typed(tree) as unknown as IncidentReported;
}

function read(text: string, fields: readonly string[]): { tree: Node; reader: Reader } {
  const tree = parseFile(text, BREACH_FORMAT, 'breach file');
  const reader = new Reader('.', 'breach file');
  reader.known(fields, tree);
  const facts = reader.node(tree, 'facts');
  if (facts) reader.known(FACTS, facts, 'facts');
  const scope = reader.node(tree, 'scope');
  if (scope) reader.known(SCOPE, scope, 'scope');
  return { tree, reader };
}

/** Every scalar of the file is text: numbers and lists are made of it where the wire has them. A likelihood of the facts is a code. */
function typed({ format: _format, facts, scope, ...tree }: Node): Node {
  const made = (node: Node, numbers: readonly string[]): Node => Object.fromEntries(Object.entries(node).map(([name, value]) => [name, LISTS.includes(name) ? listed(value) : numbers.includes(name) ? Number(value) : value]));
  const ofFacts = NUMBERS.filter((name) => name !== 'likelihood');
  return { ...made(tree, NUMBERS), ...(facts !== undefined && { facts: made(facts as Node, ofFacts) }), ...(scope !== undefined && { scope: made(scope as Node, []) }) };
}

const listed = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : value === '' || value === undefined ? [] : [String(value)]);
