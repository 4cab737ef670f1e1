import { GRAMMAR } from '#protocol/grammar';
import { PARAMETER_NAMES, PARAMETERS, type ParameterName } from './parameters';
import { day, type JsonSchema, listOf, type Shape, text } from './parameters/shape';

export const PROFILE_FORMAT = 'waybill-agreement/1';

/**
 * The JSON Schema of a profile, written from the table of parameters; `deploy/agreements/agreement.schema.json` is its
 * committed copy, for editors. Every term is `{ value, clause }`, or `{ value, default: true, because }` where the text is silent.
 */
export function profileSchema(): JsonSchema {
  const root = mapping({ format: { const: PROFILE_FORMAT }, id: { type: 'string', pattern: GRAMMAR.agreement.source }, version: version.schema, from: day.schema, until: day.schema, supersedes: listOf(version).schema }, ['format', 'id', 'version', 'from']);
  for (const name of PARAMETER_NAMES) place(root, name);
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'Profile of an information-sharing agreement', ...root };
}

const version: Shape<string> = { schema: { type: 'string', pattern: GRAMMAR.version.source } };

interface Mapping extends JsonSchema {
  type: 'object';
  additionalProperties: false;
  properties: Record<string, JsonSchema>;
  required: string[];
}

const mapping = (properties: Record<string, JsonSchema>, required: string[]): Mapping => ({ type: 'object', additionalProperties: false, properties, required });

/** `channel.tls.min` stands under `channel`, under `tls`. */
function place(root: Mapping, name: ParameterName): void {
  const shape: Shape<unknown> = PARAMETERS[name];
  const path = name.split('.');
  const last = path.pop() as string;
  let at = root;
  for (const step of path) {
    const next = (at.properties[step] ??= mapping({}, [])) as Mapping;
    if (shape.required && !at.required.includes(step)) at.required.push(step);
    at = next;
  }
  at.properties[last] = termSchema(shape);
  if (shape.required) at.required.push(last);
}

const termSchema = (shape: Shape<unknown>): JsonSchema => ({
  type: 'object',
  properties: { value: shape.schema, clause: text.schema, default: { const: true }, because: text.schema },
  required: ['value'],
  additionalProperties: false,
  if: { required: ['default'] },
  then: { required: ['because'], not: { required: ['clause'] } },
  else: { required: ['clause'] },
});

