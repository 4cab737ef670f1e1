/** The fields of a zip that we write and admit (APPNOTE 4.3; WinZip's AE-2), and nothing else of that format. */
export const ZIP = {
  local: { signature: 0x04034b50, octets: 30 },
  central: { signature: 0x02014b50, octets: 46 },
  end: { signature: 0x06054b50, octets: 22 },
  /** AES came with version 5.1. */
  version: 51,
  /** No system in particular: made by version 2.0 on MS-DOS. */
  madeBy: 20,
  /** Encrypted, and nothing else: sizes stand in the headers, names are ASCII. */
  flags: 0x0001,
  /** Stands for AES; the true method is in the extra field. */
  method: 99,
  /** 1 January 1980, midnight: when somebody worked is nobody's business. */
  time: 0x0021_0000,
} as const;

/** Extra field 0x9901: AE-2 by vendor AE, 256 bits, not compressed. Compressed, its size would tell of its words, and it could be a bomb. */
export const AES_EXTRA = Buffer.of(0x01, 0x99, 0x07, 0x00, 0x02, 0x00, 0x41, 0x45, 0x03, 0x00, 0x00);
export const SALT_OCTETS = 16;
/** Salt, two octets that tell a wrong passphrase, and ten of authentication. */
export const OVERHEAD = SALT_OCTETS + 2 + 10;

/** What documents, pictures and recordings are called, so that a double click opens them. Other names could be words. */
export const KINDS = ['pdf', 'docx', 'xlsx', 'pptx', 'odt', 'ods', 'rtf', 'txt', 'csv', 'html', 'eml', 'msg', 'jpg', 'jpeg', 'png', 'tif', 'tiff', 'heic', 'mp3', 'm4a', 'wav', 'mp4', 'mov', 'json', 'xml'] as const;
export type FileKind = (typeof KINDS)[number];

export const nameOf = (number: number, kind: FileKind): string => `file-${number}.${kind}`;
export const isName = (name: string, number: number): boolean => KINDS.some((kind) => nameOf(number, kind) === name);
