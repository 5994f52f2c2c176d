import Glibc
import XFRMKit

/// Where the privileges for private network namespaces come from.
enum Privilege {
  /// Without root, a user namespace of the process's own serves as well, where the system lets
  /// its users have one.
  static func enterUserNamespaceIfNeeded() throws(Failure) {
    guard geteuid() != 0 else { return }
    do { try UserNamespace.enter() } catch {
      throw Failure(
        "\(error); run it as root, or allow unprivileged user namespaces", .permission)
    }
  }
}
