import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import type { StatementSent, StatementWithWords } from '#exchange/signed-statement';
import { Refusal } from '#platform/refusal';
import { LIMITS } from '#protocol/limits';
import { readForm, readNamed, whole } from './form';

/** A statement and its detached signature, as a form: `curl -F statement=@… -F signature=@…`. @throws Refusal */
export async function readStatement(request: IncomingMessage): Promise<StatementSent> {
  const sent: Partial<StatementSent> = {};
  for await (const part of readForm(request)) {
    if (part.name !== 'statement' && part.name !== 'signature') throw new Refusal({ code: 'OUT_OF_ORDER', facts: { expected: 'statement' } });
    sent[part.name] = await whole(part, FIELDS[part.name]);
  }
  return complete(sent);
}

/** The same with words, sealed, where there are some. @throws Refusal */
export async function readStatementWithWords(request: FastifyRequest): Promise<StatementWithWords> {
  const { words, ...sent } = await readNamed(request, FIELDS);
  return { ...complete(sent), ...(words && { words }) };
}

const FIELDS = { statement: LIMITS.json.value, signature: LIMITS.signature.value, words: LIMITS.words.value } as const;

function complete({ statement, signature }: Partial<StatementSent>): StatementSent {
  if (!statement) throw new Refusal({ code: 'STATEMENT_INVALID', says: 'The statement is missing.' });
  if (!signature) throw new Refusal({ code: 'SIGNATURE_MISSING' });
  return { statement, signature };
}
