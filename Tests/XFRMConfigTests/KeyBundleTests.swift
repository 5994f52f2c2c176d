import Glibc
import TestSupport
import Testing
import XFRMKit

@testable import XFRMConfig

/// Bundles of keys: made, written, read again, and refused when anything is wrong with them.
@Suite("Bundles of keys")
struct KeyBundleTests {
  let folder: TemporaryFolder
  let local: KeyDirectory
  let peer: KeyDirectory

  init() throws {
    folder = try TemporaryFolder()
    local = KeyDirectory(folder.file("local"))
    peer = KeyDirectory(folder.file("peer"))
  }

  func make(
    _ name: String = "berlin-paris", _ proposal: ESPProposal = .aes256gcm16
  ) throws -> KeyBundleFile {
    let made = try KeyMaker(local, peerDirectory: peer).make([(name, proposal)])
    return try #require(made.first)
  }

  @Test("have keys as long as a proposal takes them, and are read as they were written")
  func roundTrip() throws {
    for proposal in ESPProposal.all {
      let made = try make(proposal.name, proposal)
      let bytes = AssociationEntry.Protection.esp(proposal).keyBytes
      #expect(made.incoming.key.count == bytes && made.outgoing.key.count == bytes)
      #expect(made.incoming.key != made.outgoing.key || bytes == 0)
      #expect(Ranges.requestIDs.contains(made.requestID))
      #expect(try local.bundle(of: proposal.name, generation: 1) == made)
    }
    #expect(try local.generations().count == ESPProposal.all.count)
  }

  @Test("are counted upwards, keep their request ID, and fit together")
  func generations() throws {
    let first = try make()
    let second = try make()
    #expect([first.generation, second.generation] == [1, 2])
    #expect(first.requestID == second.requestID)
    #expect(try make("other").requestID != first.requestID)
    for generation in 1...2 as ClosedRange<UInt32> {
      let here = try local.bundle(of: "berlin-paris", generation: generation)
      let there = try peer.bundle(of: "berlin-paris", generation: generation)
      #expect(here.incoming == there.outgoing && here.outgoing == there.incoming)
      #expect(here.fingerprint(of: here.incoming) == there.fingerprint(of: there.outgoing))
      #expect(here.fingerprint(of: here.incoming) != here.fingerprint(of: here.outgoing))
    }
    let spis = [first, second].flatMap { [$0.incoming.spi, $0.outgoing.spi] }
    #expect(Set(spis).count == 4)
    let stored = try StoredBundles(local)
    #expect(stored.current(of: "berlin-paris") == second.bundle)
    #expect(stored.current(of: "nobody") == nil)
  }

  @Test("a generation that only the other end has is not made again")
  func halfDone() throws {
    _ = try make()
    _ = try make()
    try local.delete("berlin-paris", generation: 2)
    #expect(try StoredBundles(local).current(of: "berlin-paris")?.generation == 1)
    #expect(try make().generation == 3)
  }

  @Test("where one is in use and missing it is said which, and by the configuration, too")
  func missing() throws {
    for _ in 1...2 { _ = try make() }
    let uses = ["berlin-paris": KeyGenerations.receiving(old: 1, new: 2)]
    #expect(try StoredBundles(local, using: uses).problem(of: "berlin-paris") == nil)
    let text = """
      connections:
        - name: berlin-paris
          kind: host-to-host
          local: {address: 192.0.2.1}
          remote: {address: 192.0.2.2}
      """
    let recorded = RecordedConfiguration(
      file: "a", host: "", variables: [:], texts: ["a": text])
    let configuration = try #require(recorded.load().configuration)
    // The other generation first, and then all that there are.
    for generation in [2, 1] as [UInt32] {
      try local.delete("berlin-paris", generation: generation)
      let stored = try StoredBundles(local, using: uses)
      let problem = "generation \(generation) is missing in \(local.path)"
      if generation == 2 { #expect(stored.problem(of: "berlin-paris") == problem) }
      let finding = try #require(configuration.expanded(stored).findings.first)
      #expect(finding.message.hasPrefix("the keys of berlin-paris cannot be used: generation "))
    }
    let finding = try #require(configuration.expanded(try StoredBundles(local)).findings.first)
    #expect(finding.message == "berlin-paris has no keys yet")
  }

  @Test("belong to their owner alone, and leave nothing else behind")
  func modes() throws {
    let old = umask(0)
    defer { umask(old) }
    _ = try make()
    for path in ["local/berlin-paris.1.keys", "peer/berlin-paris.1.keys"] {
      var status = stat()
      #expect(unsafe stat(folder.file(path), &status) == 0)
      #expect(status.st_mode & 0o7777 == 0o600)
    }
    for path in ["local", "peer"] {
      var status = stat()
      #expect(unsafe stat(folder.file(path), &status) == 0)
      #expect(status.st_mode & 0o7777 == 0o700)
    }
    #expect(
      folder.names == [
        "local", "local/berlin-paris.1.keys", "peer", "peer/berlin-paris.1.keys",
      ])
  }

  @Test("what a process left that was killed is no bundle, and is no obstacle")
  func leftovers() throws {
    _ = try make()
    try folder.write([1, 2, 3], to: "local/.berlin-paris.2.keys.new")
    for name in ["x.keys", "x.0.keys", "x.01.keys", ".1.keys", "x.1.keys.new", "x.+1.keys"] {
      try folder.write([1], to: "local/\(name)")
    }
    #expect(try local.generations() == ["berlin-paris": [1]])
    #expect(try make().generation == 2)
  }

  @Test("deleted ones are overwritten first")
  func deletion() throws {
    _ = try make()
    let path = folder.file("local/berlin-paris.1.keys")
    // The blocks stay where they are under another name.
    #expect(unsafe link(path, folder.file("kept")) == 0)
    let length = try folder.bytes("kept").count
    try local.delete("berlin-paris", generation: 1)
    #expect(try folder.bytes("kept") == [UInt8](repeating: 0, count: length))
    #expect(try local.generations().isEmpty)
  }

  @Test("both ends cannot be in one folder, by whatever name")
  func oneFolder() throws {
    _ = try make()
    #expect(unsafe symlink(local.path, folder.file("alias")) == 0)
    for path in [local.path, folder.file("alias"), local.path + "/."] {
      #expect(throws: StoreProblem.self) {
        try KeyMaker(local, peerDirectory: KeyDirectory(path)).make([("a", .aes256gcm16)])
      }
    }
    #expect(try local.generations() == ["berlin-paris": [1]])
  }

  @Test("a folder that others can write to is refused")
  func openFolder() throws {
    _ = try make()
    #expect(unsafe chmod(local.path, 0o777) == 0)
    let problem = #expect(throws: StoreProblem.self) { try make() }
    #expect(
      problem?.description == "\(local.path) can be written by others: chmod 700 \(local.path)")
    #expect(unsafe chmod(local.path, 0o700) == 0)
    #expect(try make().generation == 2)
  }

  // MARK: Files that somebody has meddled with

  private func problem(_ generation: UInt32 = 1) -> String? {
    do throws(StoreProblem) {
      _ = try local.bundle(of: "berlin-paris", generation: generation)
      return nil
    } catch {
      return error.description.replacing(local.path + "/", with: "")
    }
  }

  @Test(
    "that others can read are refused, and how to mend that is told",
    arguments: [0o640, 0o604, 0o620, 0o601] as [mode_t])
  func openFile(mode: mode_t) throws {
    _ = try make()
    let path = local.file(of: "berlin-paris", generation: 1)
    #expect(unsafe chmod(path, mode) == 0)
    #expect(
      problem()
        == "berlin-paris.1.keys can be read by others: chmod 600 berlin-paris.1.keys")
    #expect(try StoredBundles(local).problems.count == 1)
    #expect(try StoredBundles(local).current(of: "berlin-paris") == nil)
    #expect(unsafe chmod(path, 0o400) == 0)
    #expect(problem() == nil)
  }

  @Test("that are links, pipes, directories or somebody else's are refused")
  func noFiles() throws {
    _ = try make()
    let path = local.file(of: "berlin-paris", generation: 2)
    #expect(unsafe symlink(local.file(of: "berlin-paris", generation: 1), path) == 0)
    #expect(problem(2) == "berlin-paris.2.keys is a symbolic link; name the file itself")
    #expect(unsafe unlink(path) == 0 && mkfifo(path, 0o600) == 0)
    #expect(problem(2) == "berlin-paris.2.keys is no regular file")
    #expect(unsafe unlink(path) == 0 && mkdir(path, 0o700) == 0)
    #expect(problem(2) == "berlin-paris.2.keys is no regular file")
    #expect(problem(3) == "berlin-paris.3.keys: No such file or directory")
    guard geteuid() == 0 else { return }
    #expect(unsafe chown(local.file(of: "berlin-paris", generation: 1), 65534, 65534) == 0)
    #expect(problem()?.contains("belongs to somebody else (user 65534)") == true)
  }

  @Test("that are for something else, of a later version or too large are refused")
  func others() throws {
    let made = try make()
    let bytes = try folder.bytes("local/berlin-paris.1.keys")
    let text = String(decoding: bytes, as: UTF8.self)
    func problem(_ text: String) throws -> String? {
      try folder.write(Array(text.utf8), to: "local/berlin-paris.1.keys")
      return self.problem()
    }
    #expect(try problem(text) == nil)
    #expect(try problem("") == "berlin-paris.1.keys is empty")
    #expect(try problem("ssh-rsa AAAA\n") == "berlin-paris.1.keys is no bundle of keys")
    #expect(
      try problem(text.replacing("keys-1", with: "keys-2"))
        == "berlin-paris.1.keys is of a later version of xfrmctl; it is read by that one")
    #expect(
      try problem(text.replacing("keys-1", with: "keys-12"))
        == "berlin-paris.1.keys is of a later version of xfrmctl; it is read by that one")
    #expect(
      try problem(text + String(repeating: "x", count: 100_000))
        == "berlin-paris.1.keys is too large for a bundle of keys")
    for (other, said) in [
      (
        KeyBundleFile(
          connection: "x", generation: 1, requestID: made.requestID, proposal: made.proposal,
          incoming: made.incoming, outgoing: made.outgoing), "is for another connection: x"
      ),
      (
        KeyBundleFile(
          connection: "berlin-paris", generation: 7, requestID: made.requestID,
          proposal: made.proposal, incoming: made.incoming, outgoing: made.outgoing),
        "is another generation: 7"
      ),
    ] {
      let text = other.withText { String(decoding: $0, as: UTF8.self) }
      #expect(try problem(text) == "berlin-paris.1.keys \(said)")
    }
  }

  @Test("cut at any byte or changed in any bit, they are refused and nothing of them is said")
  func damage() throws {
    let made = try make()
    let whole = try folder.bytes("local/berlin-paris.1.keys")
    let digits = made.outgoing.key.withBytes { key in
      (0..<key.count).map { String(key[$0] >> 4, radix: 16) + String(key[$0] & 15, radix: 16) }
        .joined()
    }
    #expect(String(decoding: whole, as: UTF8.self).contains(digits))
    func refusal(_ bytes: [UInt8]) -> String? {
      do throws(KeyBundleFile.Damage) {
        _ = try KeyBundleFile(text: Secret(bytes.span))
        return nil
      } catch {
        return error.sentence
      }
    }
    #expect(refusal(whole) == nil)
    var said: Set<String> = []
    for count in whole.indices { said.insert(refusal(Array(whole.prefix(count))) ?? "READ") }
    for index in whole.indices {
      for bit in 0..<8 {
        var bytes = whole
        bytes[index] ^= 1 << bit
        said.insert(refusal(bytes) ?? "READ")
      }
    }
    for sentence in said {
      #expect(sentence != "READ")
      #expect(
        !(0..<digits.count - 4).contains { start in
          sentence.contains(digits.dropFirst(start).prefix(4))
        })
    }
    #expect(said.count >= 4)
  }
}
