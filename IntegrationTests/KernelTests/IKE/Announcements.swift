import FoundationEssentials
import Synchronization
import TestSupport
import Testing
import XFRMKit

/// What the kernel announces in a namespace, from the beginning on, a line for each.
struct Announcements: ~Copyable {
  private var monitor: XFRMMonitor
  /// `association-added 0xc0ffee01`
  private(set) var lines: [String] = []

  private init(in namespace: NetworkNamespace) throws {
    monitor = try XFRMMonitor(
      of: [.acquire, .expiry, .associations, .policies, .migrations, .mappings], in: namespace,
      bufferBytes: 8 << 20)
  }

  /// Hears what is announced while `body` does something, and has `xfrmctl monitor` hear it, too,
  /// which has to tell the same.
  ///
  /// - Parameters:
  ///   - tool: Of the namespace, in which nobody listens before.
  ///   - body: Does it.
  static func hear(
    _ tool: PrivateTool, _ body: @Sendable (inout Announcements) async throws -> Void
  ) async throws {
    let expected = Mutex<[String]?>(nil)
    let outcome = try await tool.listen(
      "monitor acquire expire SA policy migrate mapping --json",
      until: { text in
        expected.withLock { $0?.count } == text.split(separator: "\n").count - 1
      }
    ) {
      var heard = try Announcements(in: tool.namespace)
      try await body(&heard)
      try heard.drain()
      let lines = heard.lines
      expected.withLock { $0 = lines }
    }
    let told = try outcome.output.split(separator: "\n").map { line in
      try JSONDecoder().decode(ToldEvent.self, from: Data(line.utf8)).line
    }
    #expect(told.first == "start")
    let lines = try #require(expected.withLock { $0 })
    #expect(Array(told.dropFirst()) == lines, "\(outcome.complaint)")
  }

  /// Takes in what has been announced so far.
  mutating func drain() throws {
    var heard: [XFRMEvent] = []
    while try monitor.next(milliseconds: 0, { event, _ in heard.append(event) }) {}
    lines += heard.map(\.line)
  }

  /// Waits until all of these lines are there.
  mutating func wait(for wanted: [String]) async throws {
    for line in wanted { try await wait(forPrefix: line) }
  }

  /// Waits for a line that begins and ends so, and tells it.
  @discardableResult
  mutating func wait(forPrefix prefix: String, suffix: String = "") async throws -> String {
    var found: String?
    try await eventually("no \(prefix)…\(suffix) in \(lines)") {
      try drain()
      found = lines.first { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }
      return found != nil
    }
    return try #require(found)
  }
}

extension XFRMEvent {
  /// As ``ToldEvent/line`` has it.
  fileprivate var line: String {
    switch content {
    case .associationAdded(let association): "association-added \(association.spi)"
    case .associationUpdated(let association): "association-updated \(association.spi)"
    case .associationDeleted(let association): "association-deleted \(association.spi)"
    case .associationExpired(let expiry):
      "association-expired \(expiry.association.spi) \(expiry.isHard ? "hard" : "soft")"
    case .policyAdded(let policy): "policy-added \(ListedPolicy(policy).route)"
    case .policyUpdated(let policy): "policy-updated \(ListedPolicy(policy).route)"
    case .policyDeleted(let policy): "policy-deleted \(ListedPolicy(policy).route)"
    case .mapping(let mapping):
      "mapping \(mapping.id.spi) \(mapping.old.text) → \(mapping.new.text)"
    case .acquire(let acquire): "acquire \(acquire.source) → \(acquire.destination)"
    default: "\(content)"
    }
  }
}

extension AddressMapping.Endpoint {
  fileprivate var text: String { "\(address):\(port)" }
}

/// A line of `xfrmctl monitor --json`.
private struct ToldEvent: Decodable {
  struct Association: Decodable {
    var spi: UInt32
  }
  struct Endpoint: Decodable {
    var address: String
    var port: UInt16
  }
  struct Mapping: Decodable {
    var spi: UInt32
    var old: Endpoint
    var new: Endpoint
  }
  struct Acquire: Decodable {
    var source: String
    var destination: String
  }

  var event: String
  var association: Association?
  var isHard: Bool?
  var policy: ListedPolicy?
  var mapping: Mapping?
  var acquire: Acquire?

  var line: String {
    var words = [event]
    if let association { words.append("\(SPI(rawValue: association.spi))") }
    if let isHard { words.append(isHard ? "hard" : "soft") }
    if let policy { words.append(policy.route) }
    if let mapping {
      words.append("\(SPI(rawValue: mapping.spi)) \(mapping.old.address):\(mapping.old.port)")
      words.append("→ \(mapping.new.address):\(mapping.new.port)")
    }
    if let acquire { words.append("\(acquire.source) → \(acquire.destination)") }
    return words.joined(separator: " ")
  }
}
