import TestSupport
import Testing
import XFRMKit

@testable import XFRMConfig

/// Bundles that are gone, or cannot be read any more: others are made above them.
extension KeyBundleTests {
  @Test("one that cannot be read has its number, and the rest is made as ever")
  func unreadable() throws {
    let first = try make()
    _ = try make()
    let other = try make("other")
    try folder.write([1], to: "local/berlin-paris.2.keys")
    try folder.write([], to: "local/other.1.keys")
    try folder.write([], to: "peer/other.1.keys")
    #expect(throws: StoreProblem.self) { try local.bundle(of: "berlin-paris", generation: 2) }
    let next = try make()
    #expect(next.generation == 3 && next.requestID == first.requestID)
    // Of that nobody can tell the request ID any more.
    #expect(try make("other").generation == 2 && other.generation == 1)
    // What is damaged here is read there, and the other way round.
    try folder.write([], to: "local/berlin-paris.3.keys")
    #expect(try make().requestID == first.requestID)
  }

  @Test("what is known to be in use is not made again though its file is gone")
  func traced() throws {
    let first = try make()
    for place in [local, peer] { try place.delete("berlin-paris", generation: 1) }
    var maker = KeyMaker(local, peerDirectory: peer)
    maker.traces = [
      "berlin-paris": KeyTrace(generation: 3, requestID: first.requestID),
      "other": KeyTrace(generation: 1, requestID: 7),
    ]
    for generation in [4, 5] as [UInt32] {
      let made = try maker.make([("berlin-paris", .aes256gcm16), ("new", .aes256gcm16)])
      #expect(made.map(\.generation) == [generation, generation - 3])
      #expect(made[0].requestID == first.requestID && made[1].requestID != first.requestID)
    }
    // A request ID that a configuration says is none of a bundle.
    let other = try maker.make([("other", .aes256gcm16)])
    #expect(other[0].generation == 2 && Ranges.requestIDs.contains(other[0].requestID))
    maker.traces["last"] = KeyTrace(generation: .max)
    #expect(throws: StoreProblem.self) { try maker.make([("last", .aes256gcm16)]) }
  }
}
