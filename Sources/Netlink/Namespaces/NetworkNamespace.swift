internal import CNetlink
internal import Glibc
internal import Synchronization

/// A network namespace, kept alive for as long as the value exists.
public struct NetworkNamespace: Sendable {
  private let handle: NamespaceHandle

  private init(_ descriptor: Int32, worker: NamespaceWorker? = nil) {
    handle = NamespaceHandle(descriptor, worker)
  }

  /// The calling thread's namespace.
  public static func current() throws(NetlinkError) -> NetworkNamespace {
    NetworkNamespace(try openCurrent())
  }

  /// The namespace that `ip netns add NAME` made.
  public init(name: String) throws(NetlinkError) {
    guard !name.isEmpty, !name.contains("/"), !name.utf8.contains(0), name != ".", name != ".."
    else {
      throw .system(.openNamespace, .invalidArgument)
    }
    try self.init(path: "/run/netns/\(name)")
  }

  /// The namespace of a process.
  public init(process: Int32) throws(NetlinkError) {
    try self.init(path: "/proc/\(process)/ns/net")
  }

  /// The namespace that a file stands for, such as `/proc/1/ns/net`.
  public init(path: String) throws(NetlinkError) {
    self.init(try openNamespace(path))
  }

  /// The namespace that an open file stands for. The file may be closed then.
  public init(descriptor: Int32) throws(NetlinkError) {
    let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0 else { throw .system(.openNamespace, .current) }
    self.init(copy)
  }

  /// Makes a new, empty namespace that has no name and vanishes, with everything in it, when the
  /// last copy of the value does, or the process dies, however it dies.
  public static func create() throws(NetlinkError) -> NetworkNamespace {
    let worker = try NamespaceWorker { () throws(NetlinkError) in
      let result = cnl_new_network_namespace()
      guard result == 0 else { throw .system(.createNamespace, SystemErrno(-result)) }
    }
    let outcome = Outcome<Int32>()
    _ = worker.run { outcome.fill { () throws(NetlinkError) in try openCurrent() } }
    return NetworkNamespace(try outcome.get(), worker: worker)
  }

  /// An open file that stands for it.
  package var descriptor: Int32 { handle.descriptor }

  /// What the kernel calls it: the number in `net:[4026531840]`.
  public var inode: UInt64 {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 ? UInt64(status.st_ino) : 0
  }

  /// Whether the calling thread is in it.
  var isCurrent: Bool {
    var (own, callers) = (stat(), stat())
    // Sound: both structs, and the text, outlive the calls.
    let areThere =
      unsafe fstat(descriptor, &own) == 0 && stat("/proc/thread-self/ns/net", &callers) == 0
    return areThere && own.st_dev == callers.st_dev && own.st_ino == callers.st_ino
  }

  /// A number that no other namespace has for as long as the kernel runs, as that of a file
  /// (``inode``) may; `nil` where the kernel is older than 5.14 and has none.
  public func cookie() throws(NetlinkError) -> UInt64? {
    // To enter a namespace takes more privileges than to be in it.
    if isCurrent { return try Self.ownCookie() }
    return try run(Self.ownCookie)
  }

  /// That of the namespace that the calling thread is in.
  private static func ownCookie() throws(NetlinkError) -> UInt64? {
    // The one family that a confined service of ours has.
    let socket = try NetlinkSocket(.route)
    var cookie: UInt64 = 0
    var size = socklen_t(MemoryLayout<UInt64>.size)
    // Sound: both outlive the call, which writes at most `size` bytes.
    let result = unsafe getsockopt(
      socket.descriptor, SOL_SOCKET, Int32(CNL_SO_NETNS_COOKIE), &cookie, &size)
    if result == 0 { return cookie }
    // What a kernel says of an option that it does not know. Whoever is refused has not learnt that.
    guard errno == ENOPROTOOPT else { throw .system(.configure, .current) }
    return nil
  }

  /// Runs `body` inside the namespace, on a thread that never leaves it, so that none of the
  /// caller's threads is ever in a foreign namespace.
  ///
  /// A socket keeps the namespace it was opened in, so `body` may return one.
  public func run<Value: Sendable & ~Copyable>(
    _ body: @escaping @Sendable () throws(NetlinkError) -> Value
  ) throws(NetlinkError) -> Value {
    let outcome = Outcome<Value>()
    let work: @Sendable () -> Void = { outcome.fill(body) }
    if try !handle.worker().run(work) {
      // Somebody is in there: perhaps the very closure that this one is called from.
      _ = try NamespaceWorker(entering: handle.enter).run(work)
    }
    return try outcome.get()
  }
}

/// An open namespace, and the thread in it once there is need for one.
private final class NamespaceHandle: Sendable {
  let descriptor: Int32
  private let existing: Mutex<NamespaceWorker?>

  init(_ descriptor: Int32, _ worker: NamespaceWorker?) {
    self.descriptor = descriptor
    existing = Mutex(worker)
  }

  deinit { close(descriptor) }

  func worker() throws(NetlinkError) -> NamespaceWorker {
    try existing.withLock { (worker) throws(NetlinkError) in
      if let worker { return worker }
      let started = try NamespaceWorker(entering: enter)
      worker = started
      return started
    }
  }

  var enter: @Sendable () throws(NetlinkError) -> Void {
    let descriptor = descriptor
    return { () throws(NetlinkError) in
      let result = cnl_enter_network_namespace(descriptor)
      guard result == 0 else { throw .system(.enterNamespace, SystemErrno(-result)) }
    }
  }
}

/// Opens the calling thread's namespace.
private func openCurrent() throws(NetlinkError) -> Int32 {
  try openNamespace("/proc/thread-self/ns/net")
}

private func openNamespace(_ path: String) throws(NetlinkError) -> Int32 {
  // Sound: the text outlives the call.
  let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw .system(.openNamespace, .current) }
  return descriptor
}
