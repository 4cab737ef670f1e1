import type { Random } from './random';

interface Block {
  before: string;
  begin: string;
  headers: string[];
  lines: string[];
  checksum: string | undefined;
  end: string;
  /** Whether the last line ends as the others do. */
  ended: boolean;
  after: string;
  newline: string;
}

/** The octets in armor, most often bent in one way or two. */
export function armoredBadly(octets: Buffer, random: Random): Buffer {
  const block: Block = {
    before: '', begin: '-----BEGIN PGP MESSAGE-----', headers: [], lines: octets.toString('base64').match(/.{1,64}/g) ?? [], checksum: undefined, end: '-----END PGP MESSAGE-----', ended: true, after: '', newline: '\n',
  };
  for (let i = random.below(3); i > 0; i -= 1) random.one(BENDS)(block, random);
  const { before, begin, headers, lines, checksum, end, ended, after, newline } = block;
  return Buffer.from(`${before}${[begin, ...headers, '', ...lines, ...(checksum === undefined ? [] : [`=${checksum}`]), end, ...(ended ? [''] : [])].join(newline)}${after}`, 'latin1');
}

const CLEAR = 'The child is at 14 Elm Road.\n';

const BENDS: readonly ((block: Block, random: Random) => void)[] = [
  (block, random) => void (block.before = random.one([CLEAR, '\n\n', ' ', '\t\r\n', '\ufeff', '- ', '-----BEGIN PGP MESSAGE-----\n', 'x'.repeat(20_000)])),
  (block, random) => void (block.after = random.one([CLEAR, '\n \n', '\0', 'x'.repeat(20_000), '-----BEGIN PGP MESSAGE-----\n\nwcA=\n-----END PGP MESSAGE-----\n', '=AAAA\n'])),
  (block, random) => void (block.begin = random.one(['-----BEGIN PGP MESSAGE-----  ', '-----BEGIN PGP SIGNED MESSAGE-----', '-----BEGIN PGP MESSAGE, PART 1/2-----', '-----BEGIN PGP PUBLIC KEY BLOCK-----', '----BEGIN PGP MESSAGE----', '-----begin pgp message-----', '- -----BEGIN PGP MESSAGE-----'])),
  (block, random) => void (block.end = random.one(['-----END PGP MESSAGE----- ', '-----END PGP SIGNATURE-----', '-----END PGP MESSAGE-----x', '', '-----END', '----END PGP MESSAGE----'])),
  (block) => void (block.ended = false),
  (block, random) => void (block.headers = random.one([['Version: 1'], ['Comment: The child is at 14 Elm Road'], ['Comment:'], ['Comment'], [': x'], [' Comment: x'], [`Comment: ${'x'.repeat(random.below(40_000))}`], Array.from({ length: 400 }, (_, i) => `C${i}: x`), ['Hash: SHA256', '']])),
  (block, random) => void (block.checksum = random.one(['AAAA', '', '=', 'AAA', 'AAAAA', random.octets(3).toString('base64')])),
  (block, random) => void (block.newline = random.one(['\r\n', '\r', '\n\n', ' \n', '\t\n', '\n\r', '\v\n'])),
  (block, random) => void (block.lines = [block.lines.join('')].map((all) => all.slice(0, random.below(all.length + 1)))),
  (block) => void (block.lines = block.lines.map((line) => line.replaceAll('+', '-').replaceAll('/', '_'))),
  (block, random) => void (block.lines = block.lines.toSpliced(random.below(block.lines.length + 1), 0, random.one(['====', '=', '!', '-', '- x', 'Comment: x', ' ', '', '\0', 'w', '-----BEGIN PGP MESSAGE-----', '-----END PGP MESSAGE-----\n-----BEGIN PGP MESSAGE-----\n']))),
  (block, random) => void (block.lines = [...block.lines.slice(0, -1), `${(block.lines.at(-1) ?? '').replace(/=+$/, '')}${'='.repeat(random.below(5))}`]),
];
