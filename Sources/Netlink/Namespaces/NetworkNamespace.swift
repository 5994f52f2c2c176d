internal import CNetlink
internal import Glibc

/// A network namespace, kept alive for as long as the value exists.
public struct NetworkNamespace: Sendable {
  private let file: NamespaceFile

  private init(_ descriptor: Int32) { file = NamespaceFile(descriptor) }

  /// The calling thread's namespace.
  public static func current() throws(NetlinkError) -> NetworkNamespace {
    try NetworkNamespace(path: "/proc/thread-self/ns/net")
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
    // Sound: the text outlives the call.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(.openNamespace, .current) }
    self.init(descriptor)
  }

  /// Makes a new, empty namespace that has no name and vanishes, with everything in it, when the
  /// last copy of the value does, or the process dies, however it dies.
  public static func create() throws(NetlinkError) -> NetworkNamespace {
    try onNewThread { () throws(NetlinkError) in
      let result = cnl_new_network_namespace()
      guard result == 0 else { throw .system(.createNamespace, SystemErrno(-result)) }
      return try current()
    }
  }

  var descriptor: Int32 { file.descriptor }

  /// What the kernel calls it: the number in `net:[4026531840]`.
  public var inode: UInt64 {
    var status = stat()
    return unsafe fstat(file.descriptor, &status) == 0 ? UInt64(status.st_ino) : 0
  }

  /// Runs `body` inside the namespace, on a thread of its own that ends with it, so that no thread
  /// is ever left in a foreign namespace.
  ///
  /// A socket keeps the namespace it was opened in, so `body` may return one.
  public func run<Value: Sendable & ~Copyable>(
    _ body: @escaping @Sendable () throws(NetlinkError) -> Value
  ) throws(NetlinkError) -> Value {
    let file = file
    return try onNewThread { () throws(NetlinkError) in
      let result = cnl_enter_network_namespace(file.descriptor)
      guard result == 0 else { throw .system(.enterNamespace, SystemErrno(-result)) }
      return try body()
    }
  }
}

private final class NamespaceFile: Sendable {
  let descriptor: Int32
  init(_ descriptor: Int32) { self.descriptor = descriptor }
  deinit { close(descriptor) }
}
