internal import XFRMKit

/// Something that a journal keeps for those who come after.
enum JournalRecord: Equatable, Sendable {
  /// The first of every journal.
  ///
  /// - Parameters:
  ///   - boot: Which run of the kernel it is about: objects and journal end with it.
  ///   - namespace: The inode of the network namespace.
  ///   - cookie: What tells that from a later one with the same inode; `nil` where the kernel has
  ///     none.
  case opened(boot: String, namespace: UInt64, cookie: UInt64?)
  /// From here on the kernel is on its way from one configuration to another.
  ///
  /// - Parameters:
  ///   - target: What the history has the configuration under that is to be reached.
  ///   - origin: The one that was in force; `nil` for none.
  case started(target: String, origin: String?)
  /// A policy is about to be put there.
  case puttingPolicy(Tag, HeldPolicy)
  /// An SA is about to be added or changed.
  case puttingAssociation(Tag, HeldAssociation)
  case deletingPolicy(Tag)
  case deletingAssociation(Tag)
  case puttingInterface(InterfaceEntry)
  case deletingInterface(String)
  case deletingAddress(IPPrefix, of: String)
  case puttingRoute(RouteEntry)
  case deletingRoute(RouteEntry)
  case puttingRouteGuard(RouteGuard)
  case deletingRouteGuard(RouteGuard)
  case changingSetting(SettingEntry, from: String)
  case changingDefaults(from: DefaultActions)
  /// What was about to be done is done.
  case done
  /// What is on its way has to be confirmed by then, or leads back.
  ///
  /// - Parameter deadline: In milliseconds since the kernel started, sleep included.
  case awaiting(deadline: UInt64)
  /// Everything is there that is there before it is confirmed, and was read back.
  case verified
  /// Nobody is waited for any more: it was confirmed, or there is no way back.
  case lifted
  /// From here on it is the way back.
  case returning
  /// The target is reached; nothing for no configuration at all.
  case committed(String)
  /// The way back led to its end.
  ///
  /// - Parameters:
  ///   - target: What was not to be.
  ///   - at: When, in seconds since 1970.
  case rolledBack(target: String, at: UInt64)
}

extension JournalRecord {
  /// What stands in the journal's first line; a reader that does not know it reads no further.
  static let version = "xfrmctl-journal-1"

  var line: JournalLine {
    switch self {
    case .opened(let boot, let namespace, let cookie):
      JournalLine([Self.version, boot, "\(namespace)"] + (cookie.map { ["\($0)"] } ?? []))
    case .started(let target, let origin): JournalLine(["started", target, origin ?? ""])
    case .puttingPolicy(let tag, let held):
      JournalLine(
        ["put-policy", "\(tag.slot)", "\(held.name)", held.role.rawValue] + held.key.words)
    case .puttingAssociation(let tag, let held):
      JournalLine(
        [
          "put-sa", "\(tag.slot)", "\(held.name)", "\(held.direction.rawValue)",
          held.keyFingerprint,
        ] + held.id.words)
    case .deletingPolicy(let tag): JournalLine(["delete-policy", "\(tag.slot)"])
    case .deletingAssociation(let tag): JournalLine(["delete-sa", "\(tag.slot)"])
    case .puttingInterface(let entry):
      JournalLine(
        ["put-interface", entry.name, "\(entry.interfaceID)", "\(entry.mtu ?? 0)"]
          + entry.addresses.map { "\($0)" })
    case .deletingInterface(let name): JournalLine(["delete-interface", name])
    case .deletingAddress(let address, let name):
      JournalLine(["delete-address", name, "\(address)"])
    case .puttingRoute(let entry): JournalLine(["put-route"] + entry.words)
    case .deletingRoute(let entry): JournalLine(["delete-route"] + entry.words)
    case .puttingRouteGuard(let entry): JournalLine(["put-route-guard"] + entry.words)
    case .deletingRouteGuard(let entry): JournalLine(["delete-route-guard"] + entry.words)
    case .changingSetting(let entry, let old):
      JournalLine(["change-setting", entry.name, entry.value, old])
    case .changingDefaults(let old): JournalLine(["change-defaults"] + old.words)
    case .done: JournalLine(["done"])
    case .awaiting(let deadline): JournalLine(["awaiting", "\(deadline)"])
    case .verified: JournalLine(["verified"])
    case .lifted: JournalLine(["lifted"])
    case .returning: JournalLine(["returning"])
    case .committed(let target): JournalLine(["committed", target])
    case .rolledBack(let target, let time): JournalLine(["rolled-back", target, "\(time)"])
    }
  }

  /// Whether packets are treated otherwise from there on, and not only dropped.
  var isSwitch: Bool {
    switch self {
    case .puttingPolicy(_, let held): held.role != .guard
    case .deletingPolicy, .deletingAssociation, .puttingRoute, .deletingRoute,
      .deletingRouteGuard, .deletingAddress:
      true
    default: false
    }
  }

  /// Whether it is the first of a run.
  var isBeginning: Bool {
    switch self {
    case .started, .lifted, .returning: true
    default: false
    }
  }

  /// `nil` for a line that this version does not write.
  init?(_ line: JournalLine) {
    var words = WordReader(line.words)
    guard let record = Self.read(&words), words.isAtEnd else { return nil }
    self = record
  }

  private static func read(_ words: inout WordReader) -> JournalRecord? {
    switch words.word() {
    case version:
      guard let boot = words.word(), let inode = words.number(UInt64.self) else { return nil }
      guard !words.isAtEnd else { return .opened(boot: boot, namespace: inode, cookie: nil) }
      return words.number(UInt64.self).map { .opened(boot: boot, namespace: inode, cookie: $0) }
    case "started":
      guard let target = words.word(), let origin = words.word() else { return nil }
      return .started(target: target, origin: origin.isEmpty ? nil : origin)
    case "put-policy":
      guard let tag = words.tag(), let name = words.word().flatMap({ ObjectName($0) }),
        let role = words.word().flatMap({ PolicyEntry.Role(rawValue: $0) }),
        let key = words.policyKey()
      else { return nil }
      return .puttingPolicy(tag, HeldPolicy(name, role, key))
    case "put-sa":
      guard let tag = words.tag(), let name = words.word().flatMap({ ObjectName($0) }),
        let direction = words.number(UInt8.self), let fingerprint = words.word(),
        let id = words.associationID()
      else { return nil }
      return .puttingAssociation(
        tag,
        HeldAssociation(
          name, SecurityAssociation.Direction(rawValue: direction), id,
          keyFingerprint: fingerprint))
    case "delete-policy": return words.tag().map { .deletingPolicy($0) }
    case "delete-sa": return words.tag().map { .deletingAssociation($0) }
    case "put-interface": return words.interface().map { .puttingInterface($0) }
    case "delete-interface": return words.word().map { .deletingInterface($0) }
    case "delete-address":
      guard let name = words.word(), let address = words.prefix() else { return nil }
      return .deletingAddress(address, of: name)
    case "put-route": return words.route().map { .puttingRoute($0) }
    case "delete-route": return words.route().map { .deletingRoute($0) }
    case "put-route-guard": return words.routeGuard().map { .puttingRouteGuard($0) }
    case "delete-route-guard": return words.routeGuard().map { .deletingRouteGuard($0) }
    case "change-setting":
      guard let name = words.word(), let value = words.word(), let old = words.word() else {
        return nil
      }
      return .changingSetting(SettingEntry(name, value), from: old)
    case "change-defaults": return words.defaultActions().map { .changingDefaults(from: $0) }
    case "done": return .done
    case "awaiting": return words.number(UInt64.self).map { .awaiting(deadline: $0) }
    case "verified": return .verified
    case "lifted": return .lifted
    case "returning": return .returning
    case "committed": return words.word().map { .committed($0) }
    case "rolled-back":
      guard let target = words.word(), let time = words.number(UInt64.self) else { return nil }
      return .rolledBack(target: target, at: time)
    default: return nil
    }
  }
}
