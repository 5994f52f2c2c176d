public import XFRMKit

/// Makes the kernel agree with configurations, in one network namespace.
public struct Manager: Sendable {
  /// Where journals and locks are usually: they end with the kernel whose objects they are about.
  public static let usualRunFolder = "/run/xfrmctl"
  /// Where histories usually are.
  public static let usualStateFolder = "/var/lib/xfrmctl"

  public let history: History
  let runFolder: String
  let stateFolder: String
  /// The caller's if `nil`.
  let namespace: NetworkNamespace?
  let inode: UInt64
  /// What tells the namespace from a later one with the same inode; `nil` where the kernel has none.
  let cookie: UInt64?
  let boot: String

  /// - Parameters:
  ///   - namespace: The caller's if `nil`.
  ///   - runFolder: Journals and locks.
  ///   - stateFolder: Histories, one for each namespace.
  public init(
    in namespace: NetworkNamespace? = nil, runFolder: String = Self.usualRunFolder,
    stateFolder: String = Self.usualStateFolder
  ) throws(ManagerFailure) {
    self.namespace = namespace
    self.runFolder = runFolder
    self.stateFolder = stateFolder
    do throws(NetlinkError) {
      let place: NetworkNamespace
      if let namespace { place = namespace } else { place = try .current() }
      inode = place.inode
      cookie = try place.cookie()
    } catch {
      throw .host(HostProblem("\(error)"))
    }
    history = History(in: stateFolder, of: NamespaceName.of(inode))
    do throws(HostProblem) {
      boot = try SystemSetting("kernel.random.boot_id").value(in: nil) ?? "unknown"
    } catch {
      throw .host(error)
    }
  }

  // MARK: What there is

  /// What the journal tells, without waiting for whoever writes it.
  func look() throws(ManagerFailure) -> Journal {
    do throws(StoreProblem) {
      if let folder = try journalFolder(), let journal = try journal(in: folder) {
        return journal
      }
    } catch {
      throw .store(error)
    }
    return Journal(boot: boot, namespace: inode, cookie: cookie)
  }

  /// The journal of a folder, if it is that of this namespace.
  func journal(in folder: borrowing PrivateFolder) throws(StoreProblem) -> Journal? {
    try JournalFile.look(into: folder, boot: boot, namespace: inode, cookie: cookie)
  }

  /// Where the journal is, if it is.
  func journalFolder() throws(StoreProblem) -> PrivateFolder? {
    try PrivateFolder.existing(runFolder)?.existingFolder(boot)?.existingFolder("\(inode)")
  }

  /// Opens the journal to write.
  ///
  /// - Parameter isSettling: Whether that is about a configuration that waits for somebody to
  ///   confirm it: nothing else may be done meanwhile.
  func openJournal(isSettling: Bool = false) throws(ManagerFailure) -> JournalFile {
    let journal: JournalFile
    do throws(StoreProblem) {
      let folder = try PrivateFolder(runFolder).folder(boot).folder("\(inode)")
      journal = try JournalFile(in: folder, boot: boot, namespace: inode, cookie: cookie)
    } catch {
      throw .store(error)
    }
    if !isSettling, let pending = journal.journal.pending { throw .pending(pending) }
    return journal
  }

  func client() throws(ManagerFailure) -> XFRMClient {
    do throws(XFRMError) { return try XFRMClient(in: namespace) } catch { throw .kernel(error) }
  }

  /// The kernel as it is now.
  func survey(
    _ client: inout XFRMClient, _ desired: DesiredState, _ holdings: Holdings
  ) throws(ManagerFailure) -> KernelSnapshot {
    var snapshot: KernelSnapshot
    do throws(XFRMError) { snapshot = try client.snapshot() } catch { throw .kernel(error) }
    snapshot.time = WallClock.now
    let isConcerned =
      !desired.interfaces.isEmpty || !desired.routes.isEmpty || !desired.routeGuards.isEmpty
      || !holdings.interfaces.isEmpty || !holdings.routes.isEmpty || !holdings.routeGuards.isEmpty
    let guarded = Set(desired.routeGuards.map(\.destination))
    do throws(HostProblem) {
      snapshot.host = try SystemHost(namespace: namespace, inode: inode).state(
        settings: Set(desired.settings.map(\.name)), hasInterfaces: isConcerned,
        destinations: guarded.union(desired.routes.map(\.destination)),
        guarded: guarded.union(holdings.routeGuards.keys))
    } catch {
      throw .host(error)
    }
    return snapshot
  }

  // MARK: Plans

  /// Works out what is to be done, and warns of what the ledger would not let pass. Nothing is
  /// changed, and nobody is waited for.
  ///
  /// - Parameters:
  ///   - desired: What the kernel is to have.
  ///   - options: How to go about it.
  ///   - keys: Fetches the key of an SA, so that the plan can tell it from others.
  public func plan(
    _ desired: DesiredState, options: PlanOptions = PlanOptions(), keys: Keys
  ) throws(ManagerFailure) -> PreparedPlan {
    let journal = try look()
    var client = try client()
    let snapshot = try survey(&client, desired, journal.holdings)
    var prepared = try Self.plan(
      fingerprinted(desired, journal.holdings, keys), snapshot, journal, options)
    prepared.plan.warnings += [
      refusal(of: prepared.plan, keys, snapshot), recount(by: prepared.plan, journal),
    ].compactMap { $0 }
    return prepared
  }

  static func plan(
    _ desired: DesiredState, _ snapshot: KernelSnapshot, _ journal: Journal,
    _ options: PlanOptions
  ) throws(ManagerFailure) -> PreparedPlan {
    do throws(PlanProblems) {
      let plan = try Planner(
        desired, on: snapshot, holding: journal.holdings, options: options
      ).plan()
      return PreparedPlan(
        plan: plan, fingerprint: snapshot.fingerprint(with: journal),
        unfinished: journal.underWay?.target)
    } catch {
      throw .noPlan(error)
    }
  }
}

/// A plan, and what it was made for.
public struct PreparedPlan: Sendable {
  public var plan: Plan
  /// Of what the kernel had, and what of that was ours: while it is the same the plan is good.
  public var fingerprint: String
  /// The configuration that an earlier run was on its way to when it was cut short; `nil` if none
  /// was.
  public var unfinished: String?
}
