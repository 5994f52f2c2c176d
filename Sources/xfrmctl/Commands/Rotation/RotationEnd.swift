import XFRMConfig
import XFRMKit

/// One end of the connections whose keys are rotated.
struct RotationEnd {
  let manager: Manager
  let keys: KeyDirectory
  /// Its network namespace, as the user calls it; `nil` for the caller's.
  let label: String?
  /// What it has, or is to have besides new keys.
  private var recorded: RecordedConfiguration
  private var bundles: StoredBundles
  private var origin: String

  /// - Parameters:
  ///   - manager: Of its network namespace.
  ///   - keys: Where its bundles are.
  ///   - label: What the user calls the namespace.
  ///   - configuration: What it is to have; what is in force if `nil`.
  init(
    _ manager: Manager, _ keys: KeyDirectory, _ label: String?,
    _ configuration: ManagedConfiguration? = nil
  ) throws {
    guard let inForce = try manager.configurationInForce(),
      inForce.configuration?.guardsOnly != true
    else {
      throw Failure(
        "no configuration with more than guards is in force" + (label.map { " in \($0)" } ?? "")
          + ", so there is nothing to rotate: "
          + "\(Text.command("apply", in: Self.option(for: label))) first", .failed)
    }
    self.manager = manager
    self.keys = keys
    self.label = label
    origin = inForce.id
    guard let recorded = configuration?.recorded ?? inForce.configuration else {
      throw Failure(.unknownConfiguration(inForce.id), in: Self.option(for: label))
    }
    self.recorded = recorded
    bundles = try keys.bundles(using: inForce.keys)
    self.recorded.keys = bundles.uses(in: try loaded())
  }

  /// The end in a network namespace that is given by name, process number or path.
  init(named name: String, runFolder: String, stateFolder: String) throws {
    let namespace: NetworkNamespace
    do throws(NetlinkError) {
      if name.contains("/") {
        namespace = try NetworkNamespace(path: name)
      } else if let process = Int32(name) {
        namespace = try NetworkNamespace(process: process)
      } else {
        namespace = try NetworkNamespace(name: name)
      }
    } catch {
      throw Failure(namespace: name, error)
    }
    let manager: Manager
    do throws(ManagerFailure) {
      manager = try Manager(in: namespace, runFolder: runFolder, stateFolder: stateFolder)
    } catch {
      throw Failure(error)
    }
    let keys = KeyDirectory("\(stateFolder)/keys")
    try manager.settle(keys, in: Self.option(for: name))
    try self.init(manager, keys, name)
  }

  /// What -n takes for a network namespace.
  private static func option(for label: String?) -> String? {
    label.flatMap { $0.contains("/") || Int32($0) != nil ? nil : $0 }
  }

  /// Its network namespace, as -n takes it.
  var namespace: String? { Self.option(for: label) }

  /// Which generations its connections have.
  var uses: [String: KeyGenerations] { recorded.keys }

  /// Its configuration.
  func loaded() throws -> Configuration { try VariableOptions.usable(recorded.load()) }

  /// The latest generation that it has keys of.
  func newest(of connection: String) -> UInt32 { bundles.newest(of: connection) ?? 0 }

  /// Which generations it has keys of, by connection.
  func generations() throws(Failure) -> [String: [UInt32]] {
    do throws(StoreProblem) { return try keys.generations() } catch { throw Failure(error) }
  }

  /// Looks at the keys again.
  mutating func reload() throws { bundles = try keys.bundles(using: recorded.keys) }

  /// The connections that are asked for; all with generated keys if none is.
  func names(_ asked: [String]) throws(Failure) -> [String] {
    guard !asked.isEmpty else { return uses.keys.sorted() }
    let unknown = asked.filter { uses[$0] == nil }
    guard unknown.isEmpty else {
      throw Failure(
        "there is no connection with generated keys of the name \(unknown.joined(separator: ", "))",
        .invalidInput)
    }
    return asked
  }

  /// Does a phase, or all that are left, by a plan like any other.
  ///
  /// - Parameters:
  ///   - names: Of which connections.
  ///   - phase: All if `nil`.
  ///   - grace: How long packets may be under way.
  ///   - begin: Called with what is to be done.
  mutating func rotate(
    _ names: [String], _ phase: RotationPhase?, grace: Duration,
    begin: (PreparedPlan, ManagedConfiguration) throws -> Void = { _, _ in }
  ) throws -> PreparedPlan {
    var next = recorded
    next.keys = try advanced(names, phase)
    let target = try ManagedConfiguration(next, keys)
    var options = PlanOptions()
    options.drain = grace
    var failure: (any Error)?
    let prepared: PreparedPlan
    do throws(ManagerFailure) {
      prepared = try manager.apply(
        next, target.state, options: options, from: origin, keys: target.keys.key
      ) { prepared in
        do { try begin(prepared, target) } catch { failure = error }
      } progress: {
        Terminal.progress("\(Text.count($0)) steps done")
      }
      Terminal.endProgress()
    } catch {
      Terminal.endProgress()
      throw manager.leadBack(from: error, keys, in: namespace)
    }
    if let failure { throw failure }
    (recorded, origin) = (next, next.id)
    return prepared
  }

  private func advanced(
    _ names: [String], _ phase: RotationPhase?
  ) throws(Failure) -> [String: KeyGenerations] {
    var next = uses
    var early: [String] = []
    for name in names {
      guard let use = uses[name] else { continue }
      do throws(RotationProblem) {
        next[name] = try use.after(phase, newest: newest(of: name))
      } catch {
        early.append(
          "\(name) (\(use)): another phase comes first, at both ends: "
            + Text.command("rotate \(name) --phase \(error.first.rawValue)", in: namespace))
      }
    }
    guard early.isEmpty else {
      throw Failure(early.joined(separator: "\nxfrmctl: "), .failed)
    }
    return next
  }
}
