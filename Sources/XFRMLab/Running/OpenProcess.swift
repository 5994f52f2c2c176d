internal import CNetlink
internal import Glibc
internal import XFRMKit

/// A process that cannot be mistaken for another one.
struct OpenProcess: ~Copyable {
  private let descriptor: Int32

  /// `nil` if there is none of that number.
  init?(_ number: Int32) throws(LabError) {
    descriptor = cnl_open_process(number)
    guard descriptor != -ESRCH else { return nil }
    guard descriptor >= 0 else {
      throw .system("open process \(number)", SystemErrno(-descriptor))
    }
  }

  deinit { close(descriptor) }

  /// Asks it to end, and makes it if it does not.
  ///
  /// - Parameter patience: How long it has, in milliseconds.
  /// - Returns: Whether it has ended.
  borrowing func end(patience: Int32) -> Bool {
    for signal in [SIGTERM, SIGKILL] {
      // What is no more ends as well as what is told to.
      guard cnl_signal_process(descriptor, signal) != -EPERM else { return false }
      if cnl_wait(descriptor, patience) == 1 { return true }
    }
    return false
  }
}

/// Processes by what `/proc` says of them.
enum Processes {
  /// The numbers of all that there are.
  static var all: [Int32] { FileNames.list("/proc").compactMap { Int32($0) } }

  /// The numbers of all that this user has.
  static var own: [Int32] {
    all.filter { number in
      var status = stat()
      // Sound: path and status outlive the call.
      return unsafe stat("/proc/\(number)", &status) == 0 && status.st_uid == geteuid()
    }
  }

  /// Where a symbolic link leads; `nil` if that is not to be known.
  static func target(_ path: String) -> String? {
    var bytes = [CChar](repeating: 0, count: 256)
    // Sound: readlink fills at most the array, and reports how much of it.
    let count = unsafe readlink(path, &bytes, bytes.count)
    guard count > 0 else { return nil }
    return String(decoding: bytes.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Ends all but this one that are in one of some network namespaces, whosever they are.
  ///
  /// - Parameter namespaces: They are held open meanwhile, so that the kernel gives their numbers to
  ///   no others.
  static func end(in namespaces: [NetworkNamespace]) throws(LabError) {
    let names = Set(namespaces.map { "net:[\($0.inode)]" })
    // Not where this process is, nor the machine's first: no lab is there.
    for place in ["self", "1"] where target("/proc/\(place)/ns/net").map(names.contains) ?? false {
      throw .scenario("what runs there is not ended: it is the network of process \(place)")
    }
    func isInside(_ number: Int32) -> Bool {
      target("/proc/\(number)/ns/net").map(names.contains) ?? false
    }
    var staying: [Int32] = []
    for number in all where number != getpid() && isInside(number) {
      // It may have ended, and its number be another one's, before it was opened.
      guard let process = try OpenProcess(number), isInside(number) else { continue }
      if !process.end(patience: 1_000) { staying.append(number) }
    }
    withExtendedLifetime(namespaces) {}
    guard staying.isEmpty else {
      let numbers = staying.map { "\($0)" }.joined(separator: ", ")
      throw .system("end what runs in it: process \(numbers)", .notPermitted)
    }
  }
}
