import Glibc
import XFRMKit

extension Bench {
  /// Lists all there is and returns how many bytes the process grew by at its peak, and how many
  /// the values take up by themselves.
  static func memory(_ kind: Kind, _ client: inout XFRMClient) throws -> String {
    let before = peakResidentBytes
    let listed = try list(kind, &client)
    let growth = peakResidentBytes - before
    let values =
      switch listed {
      case .policies(let list): list.reduce(0) { $0 + size(of: $1) }
      case .associations(let list): list.reduce(0) { $0 + size(of: $1) }
      }
    return "\(growth) \(values)"
  }

  private static var peakResidentBytes: Int {
    var usage = rusage()
    // Sound: the struct outlives the call.
    unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }

  // What a value has on the heap comes in objects, which have a header, and in arrays and strings,
  // which have a longer one. What malloc adds to each is left out.
  private static let objectHeader = 16
  private static let arrayHeader = 32

  private static func size(of policy: Policy) -> Int {
    MemoryLayout<Policy>.stride
      + arrayHeader + policy.templates.count * MemoryLayout<Template>.stride
  }

  private static func size(of association: SecurityAssociation) -> Int {
    var size = MemoryLayout<SecurityAssociation>.stride
    if let aead = association.aead {
      // A name of more than 15 bytes, and a key: an object that tells where its bytes are.
      size += arrayHeader + aead.name.utf8.count + 1
      size += objectHeader + 3 * MemoryLayout<Int>.size + aead.key.count
    }
    return size
  }
}
