import Glibc
import Synchronization

@testable import HostReadiness

/// A directory that stands for a host's root. It stays until the tests end, as nothing that holds
/// its path would keep it.
struct SyntheticRoot: Sendable {
  let path = Directories.makeAnother()

  /// - Parameter files: Contents by path; a path that ends with `/` is a directory.
  init(_ files: [String: String] = [:]) {
    for (path, text) in files { write(path, text) }
  }

  var tree: FileTree { FileTree(root: path) }

  var options: CheckOptions {
    var options = CheckOptions()
    options.root = path
    return options
  }

  /// Makes a link, which need not lead anywhere.
  func link(_ file: String, to destination: String) {
    makeDirectories(for: file)
    let result = unsafe symlink(destination, path + file)
    precondition(result == 0, "cannot make \(path)\(file)")
  }

  private func makeDirectories(for file: String) {
    var directory = path
    for part in file.split(separator: "/").dropLast(file.hasSuffix("/") ? 0 : 1) {
      directory += "/" + part
      unsafe mkdir(directory, 0o755)
    }
  }

  func write(_ file: String, _ text: String) {
    makeDirectories(for: file)
    guard !file.hasSuffix("/") else { return }
    let descriptor = unsafe open(path + file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    precondition(descriptor >= 0, "cannot make \(path)\(file)")
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    let written = unsafe Glibc.write(descriptor, bytes, bytes.count)
    precondition(written == bytes.count)
  }
}

private enum Directories {
  private static let count = Atomic(0)

  /// Where all of them are.
  private static let home: String = {
    var template = Array("/tmp/xfrmctl-roots.XXXXXX".utf8CString)
    let path = unsafe template.withUnsafeMutableBufferPointer { buffer -> String in
      // Sound: the text ends with a zero, and mkdtemp changes letters of it only.
      guard let text = buffer.baseAddress, unsafe mkdtemp(text) != nil else { return "" }
      return unsafe String(cString: text)
    }
    precondition(!path.isEmpty, "cannot make a directory")
    atexit { Directories.remove(Directories.home) }
    return path
  }()

  static func makeAnother() -> String {
    let path = "\(home)/\(count.add(1, ordering: .relaxed).newValue)"
    precondition(unsafe mkdir(path, 0o755) == 0, "cannot make \(path)")
    return path
  }

  private static func remove(_ path: String) {
    // What is not a directory has no names in it.
    if let names = try? FileTree(root: "/").names(in: path) {
      for name in names { remove("\(path)/\(name)") }
      unsafe rmdir(path)
    } else {
      unsafe unlink(path)
    }
  }
}

/// A Debian host with a modular kernel, all modules on disk, none loaded.
enum Sample {
  static let release = "6.1.0-18-amd64"
  static let modules = "/lib/modules/\(release)"

  static let modularHost: [String: String] = [
    "/etc/os-release": """
    PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
    VERSION_ID="12"
    ID=debian
    """,
    "/proc/version": "Linux version 6.1.0",
    "/proc/sys/kernel/osrelease": release,
    "/proc/sys/kernel/hostname": "gateway",
    "/proc/sys/kernel/modprobe": "/sbin/modprobe",
    "/proc/sys/kernel/modules_disabled": "0",
    "/sbin/modprobe": "",
    "/proc/net/if_inet6": "",
    "/proc/net/udp": "",
    "/proc/sys/net/core/xfrm_larval_drop": "1",
    "/proc/sys/net/ipv4/conf/all/disable_xfrm": "0",

    "/proc/net/xfrm_stat": "XfrmInError 0\nXfrmInNoStates 0\n",
    "/proc/sys/net/core/xfrm_acq_expires": "30",
    "/proc/modules": "overlay 163840 1 - Live 0x0000000000000000\n",
    "/proc/self/status": "Name:\tcheck\nCapEff:\t000001ffffffffff\n",
    "/proc/self/uid_map": "         0          0 4294967295\n",
    "/boot/config-\(release)": """
    CONFIG_MODULES=y
    CONFIG_XFRM_USER=m
    CONFIG_IPV6=y
    CONFIG_INET_ESP=m
    CONFIG_INET6_ESP=m
    CONFIG_NET_KEY=m
    CONFIG_XFRM_ALGO=m
    \(algorithms.map { "CONFIG_CRYPTO_\($0.option)=m" }.joined(separator: "\n"))
    """,
    "\(modules)/modules.dep": dependencies,
    "\(modules)/modules.builtin": "kernel/net/ipv6/ipv6.ko\n",
    "\(modules)/kernel/net/xfrm/xfrm_user.ko": "",
    "\(modules)/kernel/net/ipv4/esp4.ko": "",
    "\(modules)/kernel/net/ipv6/esp6.ko": "",
    "\(modules)/kernel/net/key/af_key.ko": "",
    "\(modules)/kernel/net/xfrm/xfrm_algo.ko": "",
  ].merging(algorithms.map { ("\(modules)/kernel/crypto/\($0.file).ko", "") }) { $1 }

  static let dependencies = """
    kernel/net/xfrm/xfrm_user.ko: kernel/net/xfrm/xfrm_algo.ko
    kernel/net/ipv4/esp4.ko: kernel/net/xfrm/xfrm_algo.ko
    kernel/net/ipv6/esp6.ko: kernel/net/xfrm/xfrm_algo.ko
    kernel/net/key/af_key.ko: kernel/net/xfrm/xfrm_algo.ko
    kernel/net/xfrm/xfrm_algo.ko:
    \(algorithms.map { "kernel/crypto/\($0.file).ko:" }.joined(separator: "\n"))

    """

  /// Files of `kernel/crypto` and the options that build them.
  private static let algorithms: [(file: String, option: String)] = [
    ("aes_generic", "AES"), ("gcm", "GCM"), ("seqiv", "SEQIV"), ("ctr", "CTR"),
    ("ghash-generic", "GHASH"), ("drbg", "DRBG"), ("authenc", "AUTHENC"),
    ("echainiv", "ECHAINIV"), ("cbc", "CBC"), ("hmac", "HMAC"), ("sha256_generic", "SHA256"),
  ]

  /// The same with changes: `nil` takes a file away, or a directory whose path ends with `/`.
  static func host(_ changes: [String: String?] = [:]) -> SyntheticRoot {
    var files = modularHost
    for (path, text) in changes {
      if path.hasSuffix("/"), text == nil {
        files = files.filter { !$0.key.hasPrefix(path) }
      } else {
        files[path] = text
      }
    }
    return SyntheticRoot(files)
  }
}
