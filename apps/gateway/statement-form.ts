import type { IncomingMessage } from 'node:http';
import type { StatementSent } from '#exchange/statements';
import { Refusal } from '#platform/refusal';
import { LIMITS } from '#protocol/limits';
import { readForm, whole } from './form';

/** A statement and its detached signature, as a form: `curl -F statement=@… -F signature=@…`. @throws Refusal */
export async function readStatement(request: IncomingMessage): Promise<StatementSent> {
  const sent: Partial<Record<'statement' | 'signature', Buffer>> = {};
  for await (const part of readForm(request)) {
    if (part.name !== 'statement' && part.name !== 'signature') throw new Refusal({ code: 'OUT_OF_ORDER', facts: { expected: 'statement' } });
    sent[part.name] = await whole(part, part.name === 'statement' ? LIMITS.json.value : LIMITS.signature.value);
  }
  if (!sent.statement) throw new Refusal({ code: 'STATEMENT_INVALID', says: 'The statement is missing.' });
  if (!sent.signature) throw new Refusal({ code: 'SIGNATURE_MISSING' });
  return { statement: sent.statement, signature: sent.signature };
}
