internal import Glibc
internal import Netlink

/// Who has the check done: what it may do by itself, before any user namespace of the check's own.
public struct Caller: Hashable, Sendable {
  /// How probes come by the privileges that they take.
  enum Way: Hashable, Sendable {
    /// They have what the caller has.
    case itsOwn
    /// The process has moved into a user namespace, where it may do everything to what is made there.
    case userNamespace
    /// It was to, and the system said no.
    case refused(NetlinkError)
  }

  /// The effective user ID; `nil` if the files do not tell.
  var user: UInt32?
  var privilege: Privilege?
  /// `CapBnd`: what no program that the caller starts can have more of.
  var bounding: UInt64?
  /// Whether a seccomp filter may refuse system calls.
  var isFiltered: Bool?
  /// Whether programs with a set-user-ID bit start without it (`sudo` for one).
  var hasNoNewPrivileges: Bool?
  var way = Way.itsOwn
}

extension Caller {
  /// This process as it is now; if that does not suffice for probing, the process is then moved into
  /// a user namespace of its own, where it does.
  ///
  /// The process must not have started a thread yet.
  public static func readyToProbe() -> Caller {
    // The check reads the file again, and tells why it could not be read.
    var caller = (try? Caller(FileTree(root: "/"))) ?? Caller(user: geteuid())
    guard caller.user != 0 || !caller.mayProbe else { return caller }
    do throws(NetlinkError) {
      try UserNamespace.enter()
      caller.way = .userNamespace
    } catch {
      caller.way = .refused(error)
    }
    return caller
  }

  init(_ tree: FileTree) throws(FileError) {
    privilege = try Privilege(tree)
    var fields: [Substring: [Substring]] = [:]
    for line in try tree.text("/proc/self/status")?.lines ?? [] {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2 { fields[parts[0]] = parts[1].words }
    }
    if let ids = fields["Uid"], ids.count > 1 { user = UInt32(ids[1]) }
    bounding = fields["CapBnd"]?.first.flatMap { UInt64($0, radix: 16) }
    isFiltered = fields["Seccomp"]?.first.map { $0 != "0" }
    hasNoNewPrivileges = fields["NoNewPrivs"]?.first.map { $0 != "0" }
  }

  /// Whether it has what a private network namespace and requests in it take.
  var mayProbe: Bool {
    guard let privilege else { return false }
    return privilege.holds(.netAdmin) && privilege.holds(.sysAdmin)
  }

  /// Whether it holds a capability; `nil` if that is not known.
  func holds(_ capability: Privilege.Capability) -> Bool? { privilege?.holds(capability) }

  /// Whether not even root, where the caller is, can have a capability.
  ///
  /// - Parameter isContained: Whether that is a container, in which what binds one binds all; on a
  ///   machine, another session's root may have more than what a user's session is bound to.
  func isOutOfReach(_ capability: Privilege.Capability, isContained: Bool) -> Bool {
    guard user == 0 || isContained, holds(capability) == false, let bounding else { return false }
    return bounding >> UInt64(capability.rawValue) & 1 == 0
  }
}
