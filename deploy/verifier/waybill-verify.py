#!/usr/bin/env python3
"""Checks what a Waybill register hands out, without trusting the gateway that handed it out.

Needs Python 3.8 and, for signatures, the openssl command (1.1.1 or later). Shares no code with the gateway.

  waybill-verify.py export FILE --vkey KEY [--held NOTE]     a whole register
  waybill-verify.py inclusion FILE --vkey KEY                one entry, with the proof that it stands in the log
  waybill-verify.py consistency FILE --vkey KEY              two checkpoints, with the proof that one follows from the other
  waybill-verify.py promise FILE --jwks KEYS [--proof FILE --vkey KEY]
                                                             the promise that an entry will be integrated
  waybill-verify.py selftest VECTORS                         this program against published test vectors

KEY is the log's verifier key, `name+hash+base64`, or a file that holds one on each line. Take it from your enrolment
papers, never from the file that is checked. NOTE is a file with a checkpoint that you kept, or that somebody else kept:
without one, nobody can tell a log from a shorter or a different one that the gateway has signed as well.

Exit codes: 0 it holds; 1 it does not; 2 cannot tell (openssl is missing, a file can't be read, a key can't be used).
"""
import argparse
import base64
import binascii
import concurrent.futures
import datetime
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile

HOLDS, BROKEN, CANNOT_TELL = 0, 1, 2

FINDINGS = {
    "NOT_AN_EXPORT": "this is not a register export, or a line of it is not what the format allows",
    "CUT_SHORT": "the file ends before its last line, or holds another number of lines than that line says",
    "WRONG_LOG": "this is the register of another controller or gateway than the pinned key is for",
    "WRONG_CONTROLLER": "the entry belongs to another controller",
    "OUT_OF_PLACE": "the line stands where it can't stand: lines were moved, repeated or put in",
    "ENTRY_MISSING": "the entry is missing: its line was taken out",
    "OCTETS_ALTERED": "the entry was altered: its octets are not the ones that were recorded",
    "LEAF_ALTERED": "the leaf hash was altered: the entry's octets are the ones that were recorded",
    "OCTETS_MISSING": "the entry's octets are gone, and no later entry says that they were disposed of",
    "ALTERED": "an entry was altered, deleted, put in or moved: the log is not the one that was signed",
    "NODE_ALTERED": "a stored node was altered; the entries under it are as they were signed",
    "TRUNCATED": "the log was cut off: a signed checkpoint covers more entries than there are",
    "NOT_COVERED": "no signed checkpoint covers the entry: it was put in at the end, or checkpoints were taken away",
    "SIGNATURE_WRONG": "a checkpoint is not signed by the pinned key: it was altered or made by somebody else",
    "NOT_GROWING": "checkpoints do not grow: two of them are of one size, or they are out of order",
    "FORKED": "the log is not the one whose checkpoint was held outside: other people were shown other entries",
    "HELD_IS_WRONG": "the checkpoint held outside is not signed by the pinned key",
    "BACK_DATED": "the entry bears an earlier time than one that was recorded before it",
    "UNREADABLE": "the octets are not an entry that this version can read",
    "NODES_MISSING": "stored nodes are missing; nothing follows for the entries",
}
MOST_FINDINGS = 100
LONGEST_LINE = 2 * 1024 * 1024


class CannotTell(Exception):
    """Nothing can be said for or against what was to be checked."""


# --- RFC 6962 ---------------------------------------------------------------------------------------------------------

def sha256(octets):
    return hashlib.sha256(octets).digest()


def leaf_hash(octets):
    return sha256(b"\x00" + octets)


def node_hash(left, right):
    return sha256(b"\x01" + left + right)


class Tree:
    """A growing log, as the hashes of the complete subtrees at its right-hand edge."""

    def __init__(self, edge=(), size=0):
        self.edge, self.size = list(edge), size

    def copy(self):
        return Tree(self.edge, self.size)

    def push(self, leaf):
        """Adds a leaf; returns the complete subtrees of level 1 and above that it completes."""
        completed, level, ones = [], 0, self.size
        while ones & 1:
            leaf = node_hash(self.edge.pop(), leaf)
            level += 1
            ones >>= 1
            completed.append((level, leaf))
        self.edge.append(leaf)
        self.size += 1
        return completed

    def root(self):
        if not self.edge:
            return sha256(b"")
        root = self.edge[-1]
        for left in reversed(self.edge[:-1]):
            root = node_hash(left, root)
        return root


def verify_inclusion(leaf, index, size, proof, root):
    """RFC 9162, 2.1.3.2."""
    if not all(is_count(n) for n in (index, size)) or index >= size or not all_hashes([leaf, root] + list(proof)):
        return False
    fn, sn, r = index, size - 1, leaf
    for p in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while fn and not fn & 1:
                fn >>= 1
                sn >>= 1
        else:
            r = node_hash(r, p)
        fn >>= 1
        sn >>= 1
    return sn == 0 and r == root


def verify_consistency(first, second, proof, first_root, second_root):
    """RFC 9162, 2.1.4.2; the empty log is the beginning of every log."""
    proof = list(proof)
    if not all(is_count(n) for n in (first, second)) or first > second or not all_hashes([first_root, second_root] + proof):
        return False
    if first == 0:
        return not proof and first_root == sha256(b"") and (second > 0 or second_root == first_root)
    if first == second:
        return not proof and first_root == second_root
    if not proof:
        return False
    if first & (first - 1) == 0:
        proof.insert(0, first_root)
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn >>= 1
        sn >>= 1
    fr = sr = proof[0]
    for c in proof[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            while fn and not fn & 1:
                fn >>= 1
                sn >>= 1
        else:
            sr = node_hash(sr, c)
        fn >>= 1
        sn >>= 1
    return sn == 0 and fr == first_root and sr == second_root


def is_count(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2 ** 53


def all_hashes(values):
    return all(isinstance(value, bytes) and len(value) == 32 for value in values)


# --- Ed25519, by openssl ----------------------------------------------------------------------------------------------

class OpenSsl:
    # RFC 8032, 7.1, test 2: an openssl that can't confirm this says nothing about other signatures.
    KNOWN = (bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"), b"\x72",
             bytes.fromhex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"))

    def __init__(self, command):
        self.command, self.cache, self.tried = command, {}, False

    def verify(self, key, message, signature):
        if not self.tried:
            self.tried = True
            if not self._ask(*self.KNOWN):
                raise CannotTell("%s does not verify a known Ed25519 signature; OpenSSL 1.1.1 or later is needed" % self.command)
        question = (key, message, signature)
        if question not in self.cache:
            self.cache[question] = self._ask(*question)
        return self.cache[question]

    def verify_all(self, questions):
        """Asks ahead, several at a time: an old register has thousands of checkpoints."""
        questions = list(dict.fromkeys(questions))
        if questions:
            self.verify(*questions[0])
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
            for question, answer in zip(questions, pool.map(lambda q: self.verify(*q), questions)):
                self.cache[question] = answer

    def _ask(self, key, message, signature):
        pem = base64.b64encode(bytes.fromhex("302a300506032b6570032100") + key).decode()
        with tempfile.TemporaryDirectory() as folder:
            names = {}
            for name, octets in (("key", ("-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n" % pem).encode()), ("message", message), ("signature", signature)):
                names[name] = os.path.join(folder, name)
                with open(names[name], "wb") as file:
                    file.write(octets)
            try:
                run = subprocess.run([self.command, "pkeyutl", "-verify", "-pubin", "-inkey", names["key"], "-rawin", "-in", names["message"], "-sigfile", names["signature"]],
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
            except OSError as error:
                raise CannotTell("openssl can't be run (%s): install it, or name it with --openssl" % error)
        return run.returncode == 0


# --- signed notes and checkpoints (C2SP) ------------------------------------------------------------------------------

def decode_base64(text):
    """Standard Base64 in its one canonical spelling; None for anything else."""
    try:
        octets = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return octets if base64.b64encode(octets).decode() == text else None


class Vkey:
    def __init__(self, text):
        match = re.fullmatch(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})", text)
        octets = match and decode_base64(match.group(3))
        if not octets or len(octets) != 33 or octets[0] != 1:
            raise CannotTell("this is not an Ed25519 verifier key: %s" % text)
        self.name, self.key = match.group(1), octets[1:]
        self.hash = sha256(self.name.encode() + b"\n\x01" + self.key)[:4]
        if self.hash.hex() != match.group(2):
            raise CannotTell("the verifier key is mistyped; its hash is not its own: %s" % text)


class Checkpoint:
    """A tree head and the signatures under it; None of it is to be believed before `verify`."""

    def __init__(self, origin, size, root, text, signatures):
        self.origin, self.size, self.root, self.text, self.signatures = origin, size, root, text, signatures

    @staticmethod
    def parse(note):
        if not isinstance(note, str) or len(note) > 256 * 1024 or re.search("[\x00-\x09\x0b-\x1f\ufffd\ud800-\udfff]", note):
            return None
        text, blank, below = note.rpartition("\n\n")
        lines = below.split("\n")
        if not blank or lines.pop() != "" or not 1 <= len(lines) <= 32:
            return None
        text += "\n"
        signatures = []
        for line in lines:
            match = re.fullmatch("\u2014 ([^\\s+]+) ([A-Za-z0-9+/]+={0,2})", line)
            octets = match and decode_base64(match.group(2))
            if not octets or len(octets) < 5:
                return None
            signatures.append((match.group(1), octets[:4], octets[4:]))
        head = text.split("\n")
        if len(head) != 4 or not head[0] or not re.fullmatch("0|[1-9][0-9]{0,15}", head[1]):
            return None
        size, root = int(head[1]), decode_base64(head[2])
        if root is None or len(root) != 32 or size >= 2 ** 53 or (size == 0 and root != sha256(b"")):
            return None
        return Checkpoint(head[0], size, root, text, signatures)

    def questions(self, vkeys):
        """The signatures that claim to be by a pinned key of this log; others (witnesses, a later key) are passed over."""
        return [(vkey.key, self.text.encode(), signature) for vkey in vkeys if vkey.name == self.origin
                for name, hash, signature in self.signatures if name == vkey.name and hash == vkey.hash]

    def verify(self, vkeys, openssl):
        questions = self.questions(vkeys)
        return bool(questions) and all(len(question[2]) == 64 and openssl.verify(*question) for question in questions)


def checked_checkpoint(note, vkeys, openssl):
    checkpoint = Checkpoint.parse(note)
    return checkpoint if checkpoint and checkpoint.verify(vkeys, openssl) else None


# --- a whole register -------------------------------------------------------------------------------------------------

class Export:
    """Follows an export leaf by leaf. Where octets and leaf hash differ, a second tree grows over the hashes of the octets:
    the next checkpoint says which of the two was signed. Where neither was, the fault lies after the last checkpoint that
    fitted, and the stored nodes narrow it down, unless they were rewritten too."""

    def __init__(self, vkeys, openssl, held=None, tolerance=900):
        self.vkeys, self.openssl, self.tolerance = vkeys, openssl, tolerance
        self.findings, self.warnings = [], []
        self.header, self.ended, self.hopeless, self.lost = None, False, False, False
        self.next, self.good, self.vouched, self.last_size, self.latest = 0, 0, 0, -1, float("-inf")
        self.rows, self.octets = Tree(), None
        self.due, self.counted = {}, {"nodes": 0, "checkpoints": 0}
        self.differing, self.suspects, self.without_octets = [], [], {}
        self.leaves, self.pairs = bytearray(), {}
        self.held = None
        if held is not None:
            self.held = checked_checkpoint(held, vkeys, openssl)
            if self.held is None:
                self.find("HELD_IS_WRONG", 0)

    def read(self, lines):
        for line in lines:
            self.take(parse_line(line))
            if self.hopeless:
                break
        if not self.hopeless:
            self.end()
        return self.report()

    def take(self, line):
        if line is None or self.ended or (line[0] == "header") == (self.header is not None):
            return self.stop("NOT_AN_EXPORT", self.next)
        getattr(self, "take_" + line[0])(*line[1:])

    def take_header(self, origin, controller):
        self.header = (origin, controller)
        if origin not in [vkey.name for vkey in self.vkeys] or not origin.endswith("/register/" + controller):
            self.stop("WRONG_LOG", 0)
        self.compare_held()

    def take_leaf(self, index, leaf, octets):
        if index < self.next:
            return self.lose("OUT_OF_PLACE", self.next)
        if index > self.next:
            self.lose("ENTRY_MISSING", self.next, index - 1)
        if self.due:
            self.warn("NODES_MISSING", self.next - 1)
        self.next = index + 1
        own = leaf if octets is None else leaf_hash(octets)
        entry = None
        if octets is None:
            self.without_octets[leaf.hex()] = index
        else:
            entry = self.read_entry(index, octets, own == leaf)
        if own != leaf:
            self.octets = self.octets or self.rows.copy()
            self.differing.append((index, entry))
        self.leaves += leaf
        if not self.lost:
            completed = self.rows.push(leaf)
            beside = self.octets.push(own) if self.octets else completed
            self.due = {level: (hash, other) for (level, hash), (_, other) in zip(completed, beside)}
        self.compare_held()

    def take_node(self, level, index, hash):
        self.counted["nodes"] += 1
        if level == 1:
            self.pairs[index] = hash
        if self.lost:
            return
        first, last = index << level, ((index + 1) << level) - 1
        computed = self.due.pop(level, None) if last + 1 == self.next else None
        if computed is None:
            return self.find("OUT_OF_PLACE", self.next - 1)
        if hash not in computed and len(self.suspects) < MOST_FINDINGS:
            self.suspects.append((level, first, last))

    def take_checkpoint(self, note):
        self.counted["checkpoints"] += 1
        checkpoint = checked_checkpoint(note, self.vkeys, self.openssl)
        if checkpoint is None:
            return self.find("SIGNATURE_WRONG", self.next - 1)
        if checkpoint.size <= self.last_size:
            return self.find("NOT_GROWING", self.next - 1)
        self.last_size = checkpoint.size
        if checkpoint.size > self.next:
            return self.find("TRUNCATED", self.next, checkpoint.size - 1)
        if checkpoint.size < self.next:
            return self.find("OUT_OF_PLACE", self.next - 1)
        if self.lost:
            return
        if self.rows.root() == checkpoint.root:
            self.signed("OCTETS_ALTERED", self.rows)
        elif self.octets and self.octets.root() == checkpoint.root:
            self.signed("LEAF_ALTERED", self.octets)
        else:
            self.lose("ALTERED", *self.narrowed())

    def take_end(self, leaves, nodes, checkpoints):
        self.ended = True
        if (leaves, nodes, checkpoints) != (self.next, self.counted["nodes"], self.counted["checkpoints"]):
            self.find("CUT_SHORT", self.next)

    def end(self):
        if not self.ended:
            self.find("CUT_SHORT", self.next)
        for index in self.without_octets.values():
            self.find("OCTETS_MISSING", index)
        if self.held and self.held.size > self.next:
            self.find("TRUNCATED", self.next, self.held.size - 1)
        if not self.lost and self.next > self.good:
            if self.suspects:
                self.find("ALTERED", *self.narrowed())
            if self.last_size <= self.next:
                self.find("NOT_COVERED", self.good, self.next - 1)
        self.flush("OCTETS_ALTERED")

    def signed(self, code, tree):
        """Everything up to here is what was signed; what differed beside it was altered in the way that `code` says."""
        self.rows, self.octets = tree, None
        self.flush(code)
        for _, first, last in self.suspects:
            self.find("NODE_ALTERED", first, last)
        self.suspects, self.good, self.vouched = [], self.next, self.vouched + 1

    def narrowed(self):
        """Among the entries that no checkpoint fits, those under the lowest stored node that disagrees."""
        suspects = sorted(suspect for suspect in self.suspects if suspect[2] >= self.good)
        if not suspects:
            return self.good, self.next - 1
        return max(suspects[0][1], self.good), min(suspects[0][2], self.next - 1)

    def compare_held(self):
        if self.lost or not self.held or self.held.size != self.next:
            return
        if self.held.root != self.rows.root() and not (self.octets and self.octets.root() == self.held.root):
            self.find("FORKED", 0, max(self.held.size - 1, 0))

    def read_entry(self, index, octets, intact):
        entry = canonical_object(octets)
        id = entry.get("id") if entry else None
        id = id if isinstance(id, str) and re.fullmatch("[0-9a-f-]{36}", id) else None
        if not intact:
            return id
        time = instant(entry.get("at")) if entry else None
        if not entry or not id or time is None:
            self.warn("UNREADABLE", index, entry=id)
        elif entry.get("controller") != self.header[1]:
            self.find("WRONG_CONTROLLER", index, entry=id)
        if time is not None:
            if time < self.latest - self.tolerance:
                self.warn("BACK_DATED", index, entry=id)
            self.latest = max(self.latest, time)
        if entry and entry.get("kind") == "entries-disposed" and isinstance(entry.get("leaves"), list):
            for leaf in entry["leaves"]:
                if isinstance(leaf, str):
                    self.without_octets.pop(leaf, None)
        return id

    def lose(self, code, first, last=None):
        if self.lost:
            return
        if code != "ALTERED" and self.suspects:
            self.find("ALTERED", *self.narrowed())
        self.find(code, first, last)
        self.flush("OCTETS_ALTERED")
        self.due, self.lost = {}, True

    def stop(self, code, first):
        self.lose(code, first)
        self.hopeless = True

    def flush(self, code):
        for index, entry in self.differing:
            self.find(code, index, entry=entry)
        self.differing = []

    def find(self, code, first, last=None, entry=None):
        self._note(self.findings, code, first, last, entry)

    def warn(self, code, first, last=None, entry=None):
        self._note(self.warnings, code, first, last, entry)

    @staticmethod
    def _note(where, code, first, last, entry):
        if len(where) < MOST_FINDINGS:
            first = max(first, 0)
            finding = {"code": code, "from": first, "to": first if last is None else last}
            if entry:
                finding["entry"] = entry
            where.append(finding)

    def report(self):
        for finding in self.findings + self.warnings:
            finding["says"] = sentence(finding)
        findings = sorted(self.findings, key=lambda finding: (finding["from"], finding["to"]))
        report = {"verdict": "broken" if findings else "holds", "size": self.next, "checkpoints": self.vouched, "findings": findings, "warnings": self.warnings}
        if self.header:
            report["origin"] = self.header[0]
        if not self.lost:
            report["root"] = self.rows.root().hex()
        if findings:
            report["first"] = findings[0]
            if findings[0]["code"] == "ALTERED":
                findings[0].update(self.looks_like(findings[0]["from"] // 2))
        return report

    def looks_like(self, pair):
        """How the leaves would have to be put right for the stored pair to fit: tells a deletion from an alteration, and often which entry it was."""
        was, first = self.pairs.get(pair), 2 * pair
        leaf = lambda i: bytes(self.leaves[32 * i:32 * i + 32])
        count = len(self.leaves) // 32
        if was is None or first + 1 >= count or was == node_hash(leaf(first), leaf(first + 1)):
            return {}
        if was == node_hash(leaf(first + 1), leaf(first)):
            return {"looksLike": "swapped", "hint": "Entries %d and %d changed places." % (first, first + 1)}
        if first + 2 < count and was == node_hash(leaf(first + 1), leaf(first + 2)):
            return {"looksLike": "inserted", "exactly": first, "hint": "Entry %d was put in; what follows it fits." % first}
        if first + 2 < count and was == node_hash(leaf(first), leaf(first + 2)):
            return {"looksLike": "inserted", "exactly": first + 1, "hint": "Entry %d was put in; what stands around it fits." % (first + 1)}
        after = self.pairs.get(pair + 1)
        for by in range(1, 65):
            at = first + 2 - by
            if after and at >= 0 and at + 1 < count and after == node_hash(leaf(at), leaf(at + 1)):
                return {"looksLike": "deleted", "hint": "%d deleted here: the entries that follow have moved up." % by}
            at = first + 2 + by
            if after and at + 1 < count and after == node_hash(leaf(at), leaf(at + 1)):
                return {"looksLike": "inserted", "hint": "%d put in here: the entries that follow have moved down." % by}
        for other in range(count):
            if was == node_hash(leaf(other), leaf(first + 1)):
                return {"looksLike": "swapped", "exactly": first, "hint": "Entry %d was here; it now stands at %d." % (first, other)}
            if was == node_hash(leaf(first), leaf(other)):
                return {"looksLike": "swapped", "exactly": first + 1, "hint": "Entry %d was here; it now stands at %d." % (first + 1, other)}
        return {"looksLike": "altered", "hint": "The entries that follow are in their places: one of these two was altered."} if after else {}


def parse_line(text):
    """One line of an export as (what, values…); None for anything that the format does not allow."""
    try:
        value = json.loads(text, parse_constant=refuse_constant)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    if "leaf" in value:
        octets = value.get("octets", False)
        octets = decode_base64(octets) if isinstance(octets, str) else octets
        hash = from_hex(value["leaf"])
        fits = is_count(value.get("index")) and hash is not None and (octets is None or isinstance(octets, bytes)) and not (octets is None and value.get("octets", False) is not None)
        return ("leaf", value["index"], hash, octets) if fits else None
    if "node" in value:
        hash = from_hex(value["node"])
        fits = is_count(value.get("level")) and 1 <= value["level"] <= 53 and is_count(value.get("index")) and hash is not None
        return ("node", value["level"], value["index"], hash) if fits else None
    if isinstance(value.get("checkpoint"), str):
        return ("checkpoint", value["checkpoint"])
    if value.get("format") == "waybill-register-export/1":
        fits = isinstance(value.get("origin"), str) and isinstance(value.get("controller"), str) and isinstance(value.get("vkeys"), list) and all(isinstance(vkey, str) for vkey in value["vkeys"])
        return ("header", value["origin"], value["controller"]) if fits else None
    end = value.get("end")
    if isinstance(end, dict) and all(is_count(end.get(name)) for name in ("leaves", "nodes", "checkpoints")):
        return ("end", end["leaves"], end["nodes"], end["checkpoints"])
    return None


def from_hex(value):
    return bytes.fromhex(value) if isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) else None


def refuse_constant(name):
    raise ValueError(name)


def canonical_object(octets):
    """The entry in these octets, when they are one spelled as RFC 8785 asks. Entries hold no fractions and plain ASCII."""
    try:
        text = octets.decode("ascii")
        value = json.loads(text, parse_constant=refuse_constant, parse_float=refuse_constant)
    except (ValueError, RecursionError):
        return None
    canonical = isinstance(value, dict) and json.dumps(value, sort_keys=True, separators=(",", ":")) == text
    return value if canonical else None


def instant(text):
    try:
        return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=datetime.timezone.utc).timestamp()
    except (TypeError, ValueError):
        return None


def sentence(finding):
    if finding["from"] != finding["to"]:
        place = "Among entries %d to %d" % (finding["from"], finding["to"])
    else:
        place = "Entry %d%s" % (finding["from"], " (%s)" % finding["entry"] if "entry" in finding else "")
    return "%s: %s." % (place, FINDINGS[finding["code"]])


def lines_of(file):
    while True:
        line = file.readline(LONGEST_LINE + 1)
        if line == b"":
            return
        if len(line) > LONGEST_LINE:
            yield None
            return
        try:
            yield line.decode("utf-8").rstrip("\n")
        except UnicodeDecodeError:
            yield ""


def check_export(options, openssl):
    vkeys = vkeys_of(options)
    held = read_text(options.held) if options.held else None
    with open_binary(options.file) as file:
        if file.seekable():
            notes = (parse_line(line.decode("utf-8", "replace")) for line in file if line.startswith(b'{"checkpoint"') and len(line) < LONGEST_LINE)
            checkpoints = (Checkpoint.parse(note[1]) for note in notes if note and note[0] == "checkpoint")
            openssl.verify_all([question for checkpoint in checkpoints if checkpoint for question in checkpoint.questions(vkeys)])
            file.seek(0)
        export = Export(vkeys, openssl, held, options.tolerance)
        report = export.read(line if line is not None else "" for line in lines_of(file))
    if report["verdict"] == "holds":
        report["says"] = "The register holds: %d entries, as %d checkpoints signed them%s." % (report["size"], report["checkpoints"], "; the checkpoint held outside fits" if held else "")
        if held and export.held:
            report["window"] = [export.held.size, report["size"]]
            if report["size"] > export.held.size:
                report["note"] = "Entries %d to %d came after the checkpoint held outside: of these alone the gateway could still show others something else." % (export.held.size, report["size"] - 1)
        if not held:
            report["note"] = "No checkpoint held outside was given (--held): a shorter or a different log that was signed as well would not be noticed."
    else:
        report["says"] = "The register does NOT hold. First: %s" % report["first"]["says"]
        if "hint" in report["first"]:
            report["note"] = report["first"]["hint"]
    return report


# --- proofs and promises ----------------------------------------------------------------------------------------------

def read_inclusion(path, vkeys, openssl):
    file = read_json(path)
    proof = [from_hex(hash) for hash in file["proof"]] if isinstance(file.get("proof"), list) else [None]
    leaf = from_hex(file.get("leaf"))
    if file.get("format") != "waybill-register-inclusion/1" or leaf is None or None in proof:
        return None, "this is not an inclusion proof"
    octets = file.get("octets")
    if octets is not None and (not isinstance(octets, str) or decode_base64(octets) is None or leaf_hash(decode_base64(octets)) != leaf):
        return None, "the entry is not the one that the proof is about: its octets do not hash to the leaf"
    checkpoint = checked_checkpoint(file.get("checkpoint"), vkeys, openssl)
    if checkpoint is None:
        return None, "the checkpoint is not signed by the pinned key"
    if not verify_inclusion(leaf, file.get("index"), checkpoint.size, proof, checkpoint.root):
        return None, "the proof does not lead from the entry to the checkpoint"
    return {"leaf": leaf.hex(), "origin": checkpoint.origin, "index": file["index"], "size": checkpoint.size, "octets": octets is not None}, None


def check_inclusion(options, openssl):
    found, fault = read_inclusion(options.file, vkeys_of(options), openssl)
    if fault:
        return broken(fault)
    what = "The entry" if found["octets"] else "The leaf (its entry was not given)"
    return {"verdict": "holds", **found, "says": "%s stands at %d of the first %d entries of %s." % (what, found["index"], found["size"], found["origin"])}


def check_consistency(options, openssl):
    file, vkeys = read_json(options.file), vkeys_of(options)
    proof = [from_hex(hash) for hash in file["proof"]] if isinstance(file.get("proof"), list) else [None]
    first, second = (checked_checkpoint(file.get(name), vkeys, openssl) for name in ("from", "to"))
    if file.get("format") != "waybill-register-consistency/1" or None in proof:
        return broken("this is not a consistency proof")
    if not first or not second or first.origin != second.origin:
        return broken("a checkpoint is not signed by the pinned key")
    if first.size == second.size and first.root != second.root:
        return broken("the log was forked: two signed checkpoints of one size differ. Keep both; together they prove it")
    if not verify_consistency(first.size, second.size, proof, first.root, second.root):
        return broken("the proof does not lead from the first checkpoint to the second")
    return {"verdict": "holds", "origin": first.origin, "from": first.size, "to": second.size, "says": "The log of %d entries begins with the log of %d entries." % (second.size, first.size)}


def check_promise(options, openssl):
    token = read_text(options.file).strip()
    parts = token.split(".")
    decoded = [decode_base64url(part) for part in parts]
    header = json_object(decoded[0]) if len(decoded) == 3 and None not in decoded else None
    if header is None:
        return broken("this is not a signed promise")
    if header.get("alg") != "EdDSA" or header.get("typ") != "register-promise+jwt" or set(header) != {"alg", "typ", "kid"}:
        return broken("the header is not that of a promise: the algorithm, the type or a key that it brings is not for the token to choose")
    key = pinned_keys(options.jwks).get(header["kid"])
    if key is None:
        return broken("it names a key that is not pinned")
    if len(decoded[2]) != 64 or not openssl.verify(key, (parts[0] + "." + parts[1]).encode("ascii"), decoded[2]):
        return broken("the signature is wrong")
    claims = canonical_object(decoded[1])
    if not claims or set(claims) != {"iss", "log", "leaf", "iat", "integrateBy"} or from_hex(claims["leaf"]) is None or not is_count(claims["iat"]) or claims["integrateBy"] != claims["iat"] + 86400:
        return broken("the claims are not those of a promise")
    now = instant(options.now) if options.now else datetime.datetime.now(datetime.timezone.utc).timestamp()
    if now is None:
        raise CannotTell("--now is not an instant like 2026-03-02T09:15:00.000Z")
    due = datetime.datetime.fromtimestamp(claims["integrateBy"], datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    report = {"verdict": "holds", **claims, "due": due, "kept": None, "overdue": now > claims["integrateBy"]}
    if options.proof:
        found, fault = read_inclusion(options.proof, vkeys_of(options), openssl)
        if fault:
            return broken("the promise is signed, but the proof is no proof: " + fault)
        if (found["leaf"], found["origin"]) != (claims["leaf"], claims["log"]):
            return broken("the proof is about another entry or another log than the promise")
        report.update(kept=True, overdue=False, says="The promise is kept: the entry stands at %d in %s." % (found["index"], found["origin"]))
    elif report["overdue"]:
        report["says"] = "The promise is genuine and was due at %s. If the gateway gives no proof that the entry stands in %s, the promise is your evidence." % (due, claims["log"])
    else:
        report["says"] = "The promise is genuine: the entry will stand in %s by %s." % (claims["log"], due)
    return report


def pinned_keys(path):
    """Keys by what they are (RFC 7638), never by the kid that stands beside them."""
    file = read_json(path)
    keys = {}
    for jwk in file["keys"] if isinstance(file.get("keys"), list) else [file]:
        if isinstance(jwk, dict) and jwk.get("kty") == "OKP" and jwk.get("crv") == "Ed25519" and isinstance(jwk.get("x"), str):
            key = decode_base64url(jwk["x"])
            if key is not None and len(key) == 32:
                canonical = json.dumps({"crv": "Ed25519", "kty": "OKP", "x": jwk["x"]}, sort_keys=True, separators=(",", ":"))
                keys[base64.urlsafe_b64encode(sha256(canonical.encode())).decode().rstrip("=")] = key
    if not keys:
        raise CannotTell("no Ed25519 key in %s" % path)
    return keys


def decode_base64url(text):
    if not re.fullmatch("[A-Za-z0-9_-]*", text):
        return None
    try:
        octets = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None
    return octets if base64.urlsafe_b64encode(octets).decode().rstrip("=") == text else None


def json_object(octets):
    try:
        value = json.loads(octets.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def check_selftest(options, openssl):
    vectors = read_json(options.file)
    unhex = lambda hashes: [bytes.fromhex(hash) for hash in hashes]
    leaves, wrong = unhex(vectors["leaves"]), []
    tree = Tree()
    for size, root in enumerate(vectors["roots"]):
        if tree.root().hex() != root:
            wrong.append("root of %d leaves" % size)
        if size < len(leaves):
            tree.push(leaf_hash(leaves[size]))
    for case in vectors["inclusion"]:
        if verify_inclusion(bytes.fromhex(case["leaf"]), case["index"], case["size"], unhex(case["proof"]), bytes.fromhex(case["root"])) != case["valid"]:
            wrong.append("inclusion: " + case["says"])
    for case in vectors["consistency"]:
        if verify_consistency(case["from"], case["to"], unhex(case["proof"]), bytes.fromhex(case["oldRoot"]), bytes.fromhex(case["newRoot"])) != case["valid"]:
            wrong.append("consistency: " + case["says"])
    cases = len(vectors["roots"]) + len(vectors["inclusion"]) + len(vectors["consistency"])
    if wrong:
        return broken("%d of %d test vectors have another outcome: %s" % (len(wrong), cases, "; ".join(wrong[:5])))
    return {"verdict": "holds", "cases": cases, "says": "All %d test vectors have the outcome that they should have." % cases}


# --- command line -----------------------------------------------------------------------------------------------------

def broken(fault):
    return {"verdict": "broken", "says": "It does NOT hold: %s." % fault}


def vkeys_of(options):
    texts = []
    for given in options.vkey or []:
        texts += [given] if "+" in given and not os.path.exists(given) else read_text(given).split()
    if not texts:
        raise CannotTell("no verifier key was given: pin one with --vkey")
    return [Vkey(text) for text in texts]


def open_binary(path):
    try:
        return sys.stdin.buffer if path == "-" else open(path, "rb")
    except OSError as error:
        raise CannotTell("%s can't be read: %s" % (path, error.strerror))


def read_text(path):
    with open_binary(path) as file:
        try:
            return file.read(16 * 1024 * 1024).decode("utf-8")
        except (OSError, UnicodeDecodeError):
            raise CannotTell("%s can't be read as text" % path)


def read_json(path):
    value = json_object(read_text(path).encode("utf-8"))
    if value is None:
        raise CannotTell("%s is not a JSON object" % path)
    return value


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    checks = {"export": check_export, "inclusion": check_inclusion, "consistency": check_consistency, "promise": check_promise, "selftest": check_selftest}
    for name in checks:
        command = commands.add_parser(name, help=checks[name].__doc__)
        command.add_argument("file", help="the file to check; - for standard input")
        command.add_argument("--json", action="store_true", help="answer in JSON")
        command.add_argument("--openssl", default="openssl", help="the openssl command")
        if name != "selftest":
            command.add_argument("--vkey", action="append", help="verifier key of the log, or a file with one on each line; may be given more than once")
        if name == "export":
            command.add_argument("--held", help="file with a checkpoint that was kept outside the gateway")
            command.add_argument("--tolerance", type=float, default=900, help="seconds by which an entry may be earlier than the latest before it (900)")
        if name == "promise":
            command.add_argument("--jwks", required=True, help="file with the gateway's pinned public keys, as a JWK set")
            command.add_argument("--proof", help="inclusion proof of the promised entry")
            command.add_argument("--now", help="the time to judge by, as 2026-03-02T09:15:00.000Z")
    options = parser.parse_args(arguments)
    try:
        report = checks[options.command](options, OpenSsl(options.openssl))
    except CannotTell as fault:
        report = {"verdict": "cannot tell", "says": "Cannot tell: %s." % fault}
    if options.json:
        print(json.dumps(report))
    else:
        print(report["says"])
        for line in [report["note"]] if "note" in report else []:
            print(line)
        for warning in report.get("warnings", []):
            print("Warning. " + warning["says"])
        for finding in report.get("findings", [])[1:10]:
            print("Also. " + finding["says"])
    return {"holds": HOLDS, "broken": BROKEN}.get(report["verdict"], CANNOT_TELL)


if __name__ == "__main__":
    sys.exit(main())
