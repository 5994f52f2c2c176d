import FoundationEssentials
import Glibc
import KernelReport
import Synchronization
import XFRMLab

@testable import XFRMKit

/// What the matrix leaves for the report and for the witnesses, where `IntegrationTests/run` says.
enum MatrixLog {
  static func write(_ result: CaseResult) { results?.append(result) }

  /// Hands ESP packets to the witnesses, with the keys they were protected with and what is in them.
  ///
  /// - Parameters:
  ///   - plan: What was installed; its keys are random and of no use to anybody else.
  ///   - traffic: Datagrams, each in a packet of its own.
  /// - Returns: Which packets there are none to show of.
  static func witness(_ plan: ProtectionPlan, _ traffic: MatrixTraffic) throws -> [String] {
    guard let witnessed, let captured = try captured?.get() else { return [] }
    var complaints: [String] = []
    for (end, packets) in traffic.wire {
      let address = plan.a.associations[0].source
      guard packets.count == traffic.forth.sent,
        let association = plan.a.associations.first(where: {
          $0.proto == .esp && ($0.source == address) == (end == .a)
        })
      else {
        complaints.append("nothing to show witnesses from \(end)")
        continue
      }
      for (number, packet) in packets.enumerated() {
        try captured.file.withLock { try $0.append(packet) }
        witnessed.append(
          WitnessedPacket(
            association,
            DatagramPayload(
              bytes: MatrixTraffic.payloadBytes, number: UInt32(number), series: traffic.series)))
      }
    }
    return complaints
  }

  private static let results = JSONLines("results.jsonl")
  private static let witnessed = JSONLines("packets.jsonl")
  private static let captured = Bed.captured.map { folder in
    Result { try Captured("\(folder)/captured.pcap") }
  }

  /// Cases write one after the other, whatever thread they are on.
  private final class Captured: Sendable {
    let file: Mutex<PacketFile>
    init(_ path: String) throws { file = Mutex(try PacketFile(at: path)) }
  }
}

/// All that it takes to open an ESP packet; keys and payload in hexadecimal digits.
private struct WitnessedPacket: Encodable {
  var source: String
  var destination: String
  var spi: UInt32
  var mode: String
  var cipher: String
  var key: String
  var hash: String?
  var hashKey: String?
  var checkBits: UInt32
  var isESN: Bool
  var isInUDP: Bool
  var payload: String

  init(_ association: SecurityAssociation, _ payload: DatagramPayload) {
    source = "\(association.source)"
    destination = "\(association.destination)"
    spi = association.spi.rawValue
    mode = "\(association.mode)"
    cipher = association.aead?.name ?? association.encryption?.name ?? ""
    key = (association.aead?.key ?? association.encryption?.key)?.hexadecimal ?? ""
    hash = association.authentication?.name
    hashKey = association.authentication?.key.hexadecimal
    checkBits = association.aead?.checkBits ?? association.authentication?.truncationBits ?? 0
    isESN = association.flags.contains(.extendedSequenceNumbers)
    isInUDP = association.encapsulation != nil
    self.payload = payload.bytes.hexadecimal
  }
}

/// A file with a line of JSON for each of many values.
private final class JSONLines: Sendable {
  private let descriptor: Int32

  /// Makes it in the folder for what was captured; if there is none, there is no file.
  init?(_ name: String) {
    guard let folder = Bed.captured else { return nil }
    // Sound: the path outlives the call.
    descriptor = unsafe open(
      "\(folder)/\(name)", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    precondition(descriptor >= 0, "the folder for what was captured takes no files")
  }

  func append(_ value: some Encodable) {
    guard let line = try? JSONEncoder().encode(value) else { preconditionFailure("no JSON") }
    let bytes = [UInt8](line) + [0x0a]
    // Sound: the bytes outlive the call.
    let written = unsafe Glibc.write(descriptor, bytes, bytes.count)
    precondition(written == bytes.count, "a line was not written")
  }
}

extension [UInt8] {
  fileprivate var hexadecimal: String {
    map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

extension Secret {
  fileprivate var hexadecimal: String {
    let copy: [UInt8] = withBytes { bytes in bytes.indices.map { bytes[$0] } }
    return copy.hexadecimal
  }
}
