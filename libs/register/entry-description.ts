import type { Fields, Shape } from './entry-fields';
import { FORMATS } from './entry-formats';
import { ENTRY_KINDS } from './entry-kinds';
import { DISPOSAL_CLASSES } from './kinds/kind';

/** The table of entry kinds as Markdown, for whoever reads a register. */
export function describeEntries(): string {
  const kinds = Object.entries(ENTRY_KINDS).map(([kind, { says, disposal, fields }]) =>
    `## \`${kind}\`\n\n${says} Disposal class: ${disposal}.\n\n${table(['Field', 'Format', 'Required', 'Says'], rows(fields))}`);
  return [
    '# What a register records',
    'One log per controller. An entry is canonical JSON (RFC 8785) with the fields below and no others. No subject\'s name, address or free text can stand in one: there is no format for it.',
    '## Every entry',
    table(['Field', 'Says'], [
      ['`v`', '1'],
      ['`id`', 'id of the entry, UUIDv7'],
      ['`controller`', 'whose register it stands in'],
      ['`kind`', 'one of the kinds below'],
      ['`at`', 'when it was recorded, UTC, to the millisecond'],
      ['`salt`', '128 random bits, so that the leaf hash can\'t be guessed'],
    ]),
    ...kinds,
    '## Formats',
    table(['Format', 'Says', 'Example'], Object.entries(FORMATS).map(([format, { says, example }]) => [format, says, `\`${example}\``])),
    '## Disposal classes',
    table(['Class', 'Holds'], Object.entries(DISPOSAL_CLASSES)),
    '',
  ].join('\n\n').trimEnd() + '\n';
}

/** One row a field; the fields of an object follow it, named by their path. */
function rows(fields: Fields, path = ''): string[][] {
  return Object.entries(fields).flatMap(([name, { says, is, required }]) => [
    [`\`${path}${name}\``, formatOf(is), required ? 'yes' : '', says],
    ...rows(fieldsOf(is), `${path}${name}.`),
  ]);
}

function formatOf(shape: Shape): string {
  if (typeof shape === 'string') return shape;
  return 'of' in shape ? 'object' : `list of ${formatOf(shape.listOf)}, at most ${shape.atMost}`;
}

function fieldsOf(shape: Shape): Fields {
  if (typeof shape === 'string') return {};
  return 'of' in shape ? shape.of : fieldsOf(shape.listOf);
}

function table(head: string[], body: string[][]): string {
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
