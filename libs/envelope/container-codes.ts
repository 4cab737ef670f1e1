/** Every way in which a password-protected container is refused. */
export type ContainerCode =
  | 'NOT_A_CONTAINER'
  | 'CONTAINER_PLAIN_ENTRY'
  | 'CONTAINER_WEAK_ENCRYPTION'
  | 'CONTAINER_NAME_IN_CLEAR'
  | 'CONTAINER_WORDS_IN_CLEAR'
  | 'CONTAINER_DATA_OUTSIDE'
  | 'CONTAINER_HEADERS_DISAGREE'
  | 'CONTAINER_TOO_LARGE';

const MAKE_ANEW = 'Make it with the client: nothing else may stand in it than what the client writes. A PDF of your own with AES-256 that is refused goes in a zip.';

export const CONTAINER_CODES: Record<ContainerCode, { status: number; says: string; next: string }> = {
  NOT_A_CONTAINER: { status: 422, says: 'The file is not a container that we know.', next: MAKE_ANEW },
  CONTAINER_PLAIN_ENTRY: { status: 422, says: 'A file in the container, or a piece of a PDF, is not encrypted, or opens without a passphrase.', next: `${MAKE_ANEW} Nothing of it was kept.` },
  CONTAINER_WEAK_ENCRYPTION: { status: 422, says: 'A file in the container is encrypted with something else than AES-256 (zip: AE-2, PDF: revision 6), or under the salt of another.', next: MAKE_ANEW },
  CONTAINER_NAME_IN_CLEAR: { status: 422, says: 'A file in the container, or something in a PDF, has a name of its own, which anybody can read.', next: `${MAKE_ANEW} It names files by number.` },
  CONTAINER_WORDS_IN_CLEAR: { status: 422, says: 'The container has a comment, a time or another field that anybody can read.', next: MAKE_ANEW },
  CONTAINER_DATA_OUTSIDE: { status: 422, says: 'Something stands before, between or behind the files of the container.', next: MAKE_ANEW },
  CONTAINER_HEADERS_DISAGREE: { status: 422, says: 'The container says two things of one file, so that two programs could see two files.', next: MAKE_ANEW },
  CONTAINER_TOO_LARGE: { status: 413, says: 'The container is larger than mail systems take, or holds too many files.', next: 'Send less, or ask the recipient for a key.' },
};
