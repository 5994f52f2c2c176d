internal import Netlink
internal import XFRMKit

extension CommandParser {
  /// What `state migrate` says:
  ///
  ///     SELECTOR dir DIR [ptype PTYPE] [if_id N] [encap …] [offload …] [kmaddress LOCAL REMOTE]
  ///     { from SRC DST to SRC DST proto P mode M [reqid N] }…
  mutating func migration() throws(SyntaxError) -> Migration {
    let family = preferredFamily
    var migration = Migration(.unrestricted, direction: .incoming, entries: [])
    var selector: SelectorWords?
    var hasDirection = false
    while let word = take() {
      switch word {
      case "dir":
        guard !hasDirection else { throw duplicate(word) }
        hasDirection = true
        migration.direction = try policyDirection()
      case "ptype": migration.kind = try policyKind()
      case "if_id": migration.interfaceID = try number("IF_ID value is invalid")
      case "encap":
        guard migration.encapsulation == nil else { throw duplicate(word) }
        migration.encapsulation = try encapsulation()
      case "offload": migration.offload = try associationOffload().0
      case "kmaddress":
        guard migration.keyManagerAddresses == nil else { throw duplicate(word) }
        let ends = try endpoints()
        migration.keyManagerAddresses = Migration.KeyManagerAddresses(
          local: ends.source, remote: ends.destination)
      case "from":
        guard migration.entries.count < 6 else {
          throw wrong("the kernel moves 6 at once", expected: "at most 6 moves")
        }
        migration.entries.append(try migrationEntry())
      default:
        selector = try onlySelector(selector == nil) { $0.unknown() }
      }
    }
    guard hasDirection else {
      throw impossible("Not enough information: DIR is required.", expected: "dir in, out or fwd")
    }
    guard let selector else {
      throw impossible("Not enough information: SELECTOR is required.", expected: "src or dst")
    }
    guard !migration.entries.isEmpty else {
      throw impossible(
        "Not enough information: nothing is moved.", expected: "from SRC DST to SRC DST")
    }
    migration.selector = selector.policySelector(family)
    return migration
  }

  /// What stands behind `from`.
  private mutating func migrationEntry() throws(SyntaxError) -> Migration.Entry {
    let old = try endpoints()
    guard try argument("to") == "to" else { throw wrong("unknown", expected: "to") }
    let new = try endpoints()
    guard !new.source.isUnspecified, !new.destination.isUnspecified else {
      throw wrong("nothing moves to an unspecified address", expected: "an address")
    }
    var proto: IPProtocol?
    var mode: Mode?
    var requestID: UInt32 = 0
    loop: while let word = take() {
      switch word {
      case "proto": proto = try ipsecProtocol()
      case "mode": mode = try self.mode()
      case "reqid": requestID = try number("REQID value is invalid")
      default:
        putBack()
        break loop
      }
    }
    guard let proto else { throw missing("XFRM-PROTO") }
    guard let mode else { throw missing("MODE") }
    return Migration.Entry(from: old, to: new, proto: proto, mode: mode, requestID: requestID)
  }

  /// Two addresses of one family.
  private mutating func endpoints() throws(SyntaxError) -> Migration.Entry.Endpoints {
    let source = try address()
    let destination = try address(of: source.family)
    return Migration.Entry.Endpoints(from: source, to: destination)
  }
}
