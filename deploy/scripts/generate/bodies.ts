import type { Answered, FormField, Route, Shape } from '#protocol/routes';
import type { Schema } from './schemas';

/** The schema of what is answered or sent: a class of the wire, or the lines, each of which is a text of its own. */
export const schemaOf = (holds: NonNullable<Answered['holds']>): Schema => (holds === 'lines' ? LINES : refTo(holds));

/** A line's digest is of its exact text, so it travels as a string and not as the object that it holds. */
const LINES: Schema = { type: 'array', items: { type: 'string', contentMediaType: 'application/json', contentSchema: { $ref: '#/components/schemas/Line' } } };

const refTo = (shape: Shape): Schema => ({ $ref: `#/components/schemas/${shape.name}` });

export function bodyOf(body: NonNullable<Route['body']>): object {
  if ('json' in body) return { required: true, content: { 'application/json': { schema: refTo(body.json) } } };
  if ('octets' in body) return { required: true, description: body.octets.says, content: { [body.octets.type]: {} } };
  const sealed = body.form.some(({ name }) => name === 'part-1');
  return {
    required: true,
    description: `Parts in this order: ${body.form.map(({ name }) => name).join(', ')}. Octets are taken as they are; file names are ignored.`,
    content: {
      'multipart/form-data': {
        schema: {
          type: 'object',
          properties: Object.fromEntries(body.form.map((field) => [field.name, schemaOfField(field)])),
          // Sealed parts have the names that the lines give them; there is at least one.
          required: body.form.filter(({ name, optional }) => name !== 'part-1' && !optional).map(({ name }) => name),
          ...(sealed ? { minProperties: body.form.length, patternProperties: { '^part-[1-9][0-9]?$': {} } } : {}),
          additionalProperties: false,
        },
        encoding: Object.fromEntries(body.form.map(({ name, type, or }) => [name, { contentType: or ? `${type}, ${or}` : type }])),
      },
    },
  };
}

/** What is signed is kept as octets, so a part is text with its own media type, and the class says what the text holds. */
const schemaOfField = ({ says, type, or, limit, holds }: FormField): Schema => ({
  description: `${says} At most ${limit.value.toLocaleString('en-GB')} octets.`,
  ...(or ? {} : { contentMediaType: type }),
  ...(type === 'application/json' ? { type: 'string', maxLength: limit.value } : {}),
  ...(holds ? { contentSchema: schemaOf(holds) } : {}),
});
