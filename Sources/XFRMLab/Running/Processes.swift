internal import Glibc
internal import XFRMKit

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
  /// While some are waited for, others start what no list had yet, so that it is done until there is
  /// nobody.
  ///
  /// - Parameters:
  ///   - namespaces: They are held open meanwhile, so that the kernel gives their numbers to no
  ///     others.
  ///   - patience: How long those of one list have to end by themselves, in milliseconds.
  static func end(in namespaces: [NetworkNamespace], patience: Int = 1_000) throws(LabError) {
    let names = Set(namespaces.map { "net:[\($0.inode)]" })
    // Not where this process is, nor the machine's first: no lab is there.
    for (place, owner) in [("self", "this process"), ("1", "process 1")]
    where target("/proc/\(place)/ns/net").map(names.contains) ?? false {
      throw .scenario("what runs there is not ended: it is the network of \(owner)")
    }
    var lasting: [Int32: OpenProcess.Ending] = [:]
    for _ in 0..<mostLists {
      let found = try inhabitants(of: names, besides: lasting)
      if found.isEmpty { break }
      for (process, ending) in OpenProcess.end(found, patience: patience)
      where ending != .ended {
        lasting[process.number] = ending
      }
    }
    let others = try inhabitants(of: names, besides: lasting).map(\.number)
    withExtendedLifetime(namespaces) {}
    for ending in [OpenProcess.Ending.notPermitted, .stays] {
      let numbers = lasting.filter { $0.value == ending }.keys.sorted()
      guard !numbers.isEmpty else { continue }
      try ending.check("what runs in it: process \(list(numbers))")
    }
    guard others.isEmpty else { throw .keepsStarting("process \(list(others))") }
  }

  /// How often it is looked for more: enough for every script, and not for one that is made to
  /// outrun this.
  private static let mostLists = 10
  /// So many at once, as each of them is an open file.
  private static let mostAtOnce = 256

  /// - Parameter known: What has not ended, and is not to be found again.
  private static func inhabitants(
    of names: Set<String>, besides known: [Int32: OpenProcess.Ending]
  ) throws(LabError) -> [OpenProcess] {
    func isInside(_ number: Int32) -> Bool {
      target("/proc/\(number)/ns/net").map(names.contains) ?? false
    }
    var found: [OpenProcess] = []
    for number in all where number != getpid() && known[number] == nil && isInside(number) {
      // It may have ended, and its number be another one's, before it was opened.
      guard let process = try OpenProcess(number), isInside(number) else { continue }
      found.append(process)
      if found.count == mostAtOnce { break }
    }
    return found
  }

  private static func list(_ numbers: [Int32]) -> String {
    numbers.map { "\($0)" }.joined(separator: ", ")
  }
}
