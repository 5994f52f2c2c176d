internal import XFRMKit

/// What a journal tells about the kernel it is about.
struct Journal: Equatable, Sendable {
  var boot: String
  var namespace: UInt64
  /// What tells the namespace from a later one with the same number; `nil` where nothing does.
  var cookie: UInt64?
  /// What is ours, or may be: of what was about to be put there when the journal ends nobody knows
  /// whether it is, and of what was about to be deleted nobody knows that it is gone. The kernel
  /// knows, and its objects have tags.
  private(set) var holdings = Holdings()
  /// Under what the history has the configuration in force.
  private(set) var committed: String?
  /// What was last led back from; `nil` if there was something else since.
  private(set) var rolledBack: Rollback?
  /// The way that the kernel is on; `nil` if it has arrived.
  private(set) var underWay: UnderWay?
  /// Deletions that are begun.
  private var leaving: [JournalRecord] = []

  struct UnderWay: Equatable, Sendable {
    var target: String
    var origin: String?
    /// Whether packets may be treated as the target has it already: before, there is no more than
    /// what drops some, and SAs that nobody uses.
    var hasSwitched = false
    /// When the target has to be confirmed, in milliseconds since the kernel started; `nil` if it
    /// need not be.
    var deadline: UInt64?
    /// Whether there is nothing to do before it is confirmed.
    var isVerified = false
    /// Whether it is the way back.
    var isReturning = false
    /// What it has changed of the default actions and of settings, as that was before: the origin
    /// may say nothing of it.
    var defaults: DefaultActions?
    var settings: [String: String] = [:]
  }

  init(boot: String, namespace: UInt64, cookie: UInt64? = nil) {
    self.boot = boot
    self.namespace = namespace
    self.cookie = cookie
  }

  mutating func note(_ record: JournalRecord) {
    // What an earlier run was about to delete when it was cut short is still there, for all we know:
    // what this one has done says nothing about that.
    if record.isBeginning { leaving = [] }
    if record.isSwitch { underWay?.hasSwitched = true }
    switch record {
    case .opened: break
    case .started(let target, let origin):
      // What a run has done that was cut short is done.
      underWay = UnderWay(
        target: target, origin: origin, hasSwitched: underWay?.hasSwitched ?? false,
        defaults: underWay?.defaults, settings: underWay?.settings ?? [:])
      rolledBack = nil
    case .puttingPolicy(let tag, let held): holdings.policies[tag] = held
    case .puttingAssociation(let tag, let held): holdings.associations[tag] = held
    case .puttingInterface(let entry):
      // It has the addresses that it had until they are taken from it.
      holdings.interfaces[entry.name] = entry.joined(with: holdings.interfaces[entry.name])
    case .puttingRoute(let entry): holdings.routes.insert(entry)
    case .puttingRouteGuard(let entry): holdings.routeGuards[entry.destination] = entry.name
    case .changingSetting(let entry, let old):
      // What it was before we came is what it goes back to.
      if holdings.settings[entry.name] == nil { holdings.settings[entry.name] = old }
      if underWay?.settings[entry.name] == nil { underWay?.settings[entry.name] = old }
    case .changingDefaults(let old):
      if underWay?.defaults == nil { underWay?.defaults = old }
    case .deletingPolicy, .deletingAssociation, .deletingInterface, .deletingAddress,
      .deletingRoute, .deletingRouteGuard:
      leaving.append(record)
    case .done:
      for record in leaving { forget(record) }
      leaving = []
    case .awaiting(let deadline): underWay?.deadline = deadline
    case .verified: underWay?.isVerified = true
    case .lifted:
      underWay?.deadline = nil
      // What is retired from here on does not come back.
      underWay?.hasSwitched = true
      underWay?.isReturning = false
    case .returning: underWay?.isReturning = true
    case .committed(let target):
      committed = target.isEmpty ? nil : target
      underWay = nil
    case .rolledBack(let target, let time):
      rolledBack = Rollback(configuration: target, time: time)
    }
  }

  private mutating func forget(_ record: JournalRecord) {
    switch record {
    case .deletingPolicy(let tag): holdings.policies[tag] = nil
    case .deletingAssociation(let tag): holdings.associations[tag] = nil
    case .deletingInterface(let name): holdings.interfaces[name] = nil
    case .deletingAddress(let address, let name):
      holdings.interfaces[name]?.addresses.removeAll { $0 == address }
    case .deletingRoute(let entry): holdings.routes.remove(entry)
    case .deletingRouteGuard(let entry): holdings.routeGuards[entry.destination] = nil
    default: break
    }
  }

  /// Those that the history must not forget.
  var configurations: Set<String> {
    Set([committed, underWay?.target, underWay?.origin].compactMap { $0 })
  }

  /// The fewest records that tell the same. A kernel that is under way has no short story.
  var summary: [JournalRecord] {
    [.opened(boot: boot, namespace: namespace, cookie: cookie)]
      + holdings.policies.sorted { $0.key.slot < $1.key.slot }.map { .puttingPolicy($0, $1) }
      + holdings.associations.sorted { $0.key.slot < $1.key.slot }
      .map { .puttingAssociation($0, $1) }
      + holdings.interfaces.sorted { $0.key < $1.key }.map { .puttingInterface($0.value) }
      + holdings.routes.sorted { $0.words.lexicographicallyPrecedes($1.words) }
      .map { .puttingRoute($0) }
      + holdings.routeGuards.map { RouteGuard($0.value, to: $0.key) }
      .sorted { $0.words.lexicographicallyPrecedes($1.words) }.map { .puttingRouteGuard($0) }
      + holdings.settings.sorted { $0.key < $1.key }
      .map { .changingSetting(SettingEntry($0.key, ""), from: $0.value) }
      + [.done] + (committed.map { [.committed($0)] } ?? [])
      + (rolledBack.map { [.rolledBack(target: $0.configuration, at: $0.time)] } ?? [])
  }
}

/// Why a journal cannot be read.
enum JournalDamage: Error, Hashable, Sendable {
  /// It does not begin as journals do, or as those of a later version do.
  case notAJournal
  /// A line in its midst is not as it was written.
  case damaged(line: Int)
}

extension Journal {
  /// How many bytes of a journal are whole lines; what is behind them has to go before any other
  /// line is added.
  static func wholeLines(_ bytes: [UInt8]) -> Int {
    bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
  }

  /// Reads a journal. What its last line would have said, if that was cut off, was never begun: a
  /// record is on disk before what it announces is done.
  init(_ bytes: [UInt8]) throws(JournalDamage) {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // Behind the last line's end there is nothing, or the beginning of a line.
    lines.removeLast()
    guard let first = lines.first.flatMap({ JournalLine($0) }).flatMap({ JournalRecord($0) }),
      case .opened(let boot, let namespace, let cookie) = first
    else { throw .notAJournal }
    self.init(boot: boot, namespace: namespace, cookie: cookie)
    for (index, line) in lines.enumerated().dropFirst() {
      guard let record = JournalLine(line).flatMap({ JournalRecord($0) }) else {
        throw .damaged(line: index + 1)
      }
      note(record)
    }
  }
}
