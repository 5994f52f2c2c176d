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

  /// What became of a process that was to end.
  enum Ending: Hashable {
    case ended
    /// This user may not end it.
    case notPermitted
    /// It was killed, and is still there: something in the kernel holds it.
    case stays
  }

  /// Asks it to end, and makes it if it does not.
  ///
  /// - Parameter patience: How long it has for either, in milliseconds.
  borrowing func end(patience: Int32) -> Ending {
    Ending(
      signalling: { [descriptor] in cnl_signal_process(descriptor, $0) },
      waiting: { [descriptor] in cnl_wait(descriptor, patience) == 1 })
  }
}

extension OpenProcess.Ending {
  /// - Parameters:
  ///   - signal: Sends one, and returns 0 or an error number below it.
  ///   - wait: Whether it ends in time.
  init(signalling signal: (Int32) -> Int32, waiting wait: () -> Bool) {
    self = .stays
    for number in [SIGTERM, SIGKILL] {
      // What is no more ends as well as what is told to.
      if signal(number) == -EPERM {
        self = .notPermitted
        return
      }
      if wait() {
        self = .ended
        return
      }
    }
  }

  /// - Parameter what: What has not ended, for somebody to read.
  func check(_ what: @autoclosure () -> String) throws(LabError) {
    switch self {
    case .ended: return
    case .notPermitted: throw .system("end \(what())", .notPermitted)
    case .stays: throw .stillRunning(what())
    }
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
    for (place, owner) in [("self", "this process"), ("1", "process 1")]
    where target("/proc/\(place)/ns/net").map(names.contains) ?? false {
      throw .scenario("what runs there is not ended: it is the network of \(owner)")
    }
    func isInside(_ number: Int32) -> Bool {
      target("/proc/\(number)/ns/net").map(names.contains) ?? false
    }
    var others: [OpenProcess.Ending: [Int32]] = [:]
    for number in all where number != getpid() && isInside(number) {
      // It may have ended, and its number be another one's, before it was opened.
      guard let process = try OpenProcess(number), isInside(number) else { continue }
      others[process.end(patience: 1_000), default: []].append(number)
    }
    withExtendedLifetime(namespaces) {}
    for ending in [OpenProcess.Ending.notPermitted, .stays] {
      guard let numbers = others[ending] else { continue }
      let list = numbers.map { "\($0)" }.joined(separator: ", ")
      try ending.check("what runs in it: process \(list)")
    }
  }
}
