internal import CNetlink
internal import Glibc
internal import Netlink

/// A file that is there but could not be read.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// As on the host itself, without the root it was looked up under.
  public var path: String
  /// The symbol of the error number, such as `EACCES`, if that was the problem.
  public var errno: String?
  public var description: String

  init(_ path: String, _ errno: SystemErrno) {
    self.path = path
    self.errno = errno.name
    description = "could not read \(path): \(errno) (\(errno.name))"
  }

  init(_ path: String, because reason: String) {
    self.path = path
    description = "could not read \(path): \(reason)"
  }
}

/// The files of a host, below the directory that stands for its root. All reading is done here.
struct FileTree: Sendable {
  private let root: String
  /// What the root has mounted of the running kernel's own, which says nothing about an image.
  private let ofThisKernel: Set<String>

  /// Longer files are cut; nothing that is read here comes near it.
  private static let limit = 16 << 20

  /// - Parameters:
  ///   - root: The directory that stands for the host's root.
  ///   - fileSystem: What kind of file system a directory is in, by its number.
  init(root: String, fileSystem: (String) -> Int = FileTree.fileSystem(of:)) {
    let root = root.hasSuffix("/") ? String(root.dropLast()) : root
    self.root = root
    ofThisKernel =
      root.isEmpty
      ? [] : Set(Self.kernels.filter { fileSystem("\(root)/\($0.key)") == $0.value }.keys)
  }

  /// Where kernels show what they know, and the numbers of those file systems.
  private static let kernels = ["proc": 0x9fa0, "sys": 0x6265_6572]

  /// No number of any if there is no such directory.
  static func fileSystem(of path: String) -> Int {
    // Sound: the text outlives the call.
    unsafe cnl_file_system(path)
  }

  /// Whether these are the files of the running system.
  var isLive: Bool { root.isEmpty }

  /// The path by which a program finds a file of the tree.
  ///
  /// In somebody else's tree symbolic links lead to where they would if its root were the root, and
  /// never out of it. What the running kernel shows there leads nowhere.
  func path(_ path: String) -> String { isLive ? path : place(inside(path)) }

  /// The same for what may be a link itself.
  func pathOfLink(_ path: String) -> String {
    isLive ? path : place(inside(path, followingLast: false))
  }

  private func place(_ inside: String) -> String {
    let first = inside.split(separator: "/", maxSplits: 1).first.map(String.init)
    guard let first, ofThisKernel.contains(first) else { return root + inside }
    // Nothing is below what is no directory.
    return "/dev/null/"
  }

  private func inside(_ path: String, followingLast: Bool = true) -> String {
    var rest = path.split(separator: "/")[...]
    var done: [Substring] = []
    var links = 0
    while let name = rest.popFirst() {
      switch name {
      case ".": continue
      case "..": _ = done.popLast()
      default:
        let place = "/" + (done + [name]).joined(separator: "/")
        let isFollowed = followingLast || !rest.isEmpty
        // The kernel gives up after as many.
        guard isFollowed, links < 40, let target = Self.target(ofLink: root + place) else {
          done.append(name)
          continue
        }
        links += 1
        if target.hasPrefix("/") { done = [] }
        rest = target.split(separator: "/") + rest
      }
    }
    return "/" + done.joined(separator: "/")
  }

  private static func target(ofLink path: String) -> String? {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    // Sound: readlink fills at most the array, and reports how much of it.
    let count = unsafe readlink(path, &bytes, bytes.count)
    guard count > 0 else { return nil }
    return String(decoding: bytes.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// What a symbolic link leads to, in its own words; `nil` if there is no link.
  func link(_ path: String) throws(FileError) -> String? {
    if let target = Self.target(ofLink: pathOfLink(path)) { return target }
    let problem = SystemErrno.current
    // What is there and no link is an invalid argument.
    return problem == .invalidArgument ? nil : try absent(path, problem)
  }

  func exists(_ path: String) -> Bool {
    // Sound: the text outlives the call.
    unsafe access(self.path(path), F_OK) == 0
  }

  /// A file's text, `nil` if there is no such file. Bytes that are not UTF-8 are replaced.
  func text(_ path: String) throws(FileError) -> String? {
    // Not blocking: somebody may have left a pipe there.
    let file = unsafe open(self.path(path), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { return try absent(path, .current) }
    defer { close(file) }

    var bytes: [UInt8] = []
    while bytes.count < Self.limit {
      var problem: SystemErrno?
      let chunk = unsafe [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
        // Sound: read fills at most the buffer, and reports how much of it.
        let result = unsafe read(file, buffer.baseAddress, buffer.count)
        if result < 0 { problem = .current }
        count = max(0, result)
      }
      if let problem { throw FileError(path, problem) }
      if chunk.isEmpty { break }
      bytes += chunk
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A file's first line without the spaces around it, `nil` if there is no such file.
  func line(_ path: String) throws(FileError) -> String? {
    guard let text = try text(path) else { return nil }
    return text.lines.first.map { String($0.trimmed) } ?? ""
  }

  /// The names in a directory, sorted; `nil` if there is no such directory.
  func names(in path: String) throws(FileError) -> [String]? {
    guard let directory = unsafe opendir(self.path(path)) else { return try absent(path, .current) }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      // Sound: the name ends with a zero inside the entry, which lives until the next call.
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
        unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  private func absent<T>(_ path: String, _ errno: SystemErrno) throws(FileError) -> T? {
    guard errno == .noSuchFile || errno.rawValue == ENOTDIR else { throw FileError(path, errno) }
    return nil
  }
}
