internal import CNetlink

/// `XFRM_MSG_…`
extension MessageType {
  private init(_ number: Int) { self.init(rawValue: UInt16(truncatingIfNeeded: number)) }

  public static var newAssociation: Self { Self(XFRM_MSG_NEWSA) }
  public static var updateAssociation: Self { Self(XFRM_MSG_UPDSA) }
  public static var deleteAssociation: Self { Self(XFRM_MSG_DELSA) }
  public static var getAssociation: Self { Self(XFRM_MSG_GETSA) }
  public static var flushAssociations: Self { Self(XFRM_MSG_FLUSHSA) }
  public static var newPolicy: Self { Self(XFRM_MSG_NEWPOLICY) }
  public static var updatePolicy: Self { Self(XFRM_MSG_UPDPOLICY) }
  public static var deletePolicy: Self { Self(XFRM_MSG_DELPOLICY) }
  public static var getPolicy: Self { Self(XFRM_MSG_GETPOLICY) }
  public static var flushPolicies: Self { Self(XFRM_MSG_FLUSHPOLICY) }
  public static var allocateSPI: Self { Self(XFRM_MSG_ALLOCSPI) }
  public static var acquire: Self { Self(XFRM_MSG_ACQUIRE) }
  public static var expireAssociation: Self { Self(XFRM_MSG_EXPIRE) }
  public static var expirePolicy: Self { Self(XFRM_MSG_POLEXPIRE) }
  public static var newCheckpoint: Self { Self(XFRM_MSG_NEWAE) }
  public static var getCheckpoint: Self { Self(XFRM_MSG_GETAE) }
  public static var report: Self { Self(XFRM_MSG_REPORT) }
  public static var migrate: Self { Self(XFRM_MSG_MIGRATE) }
  public static var newSADInfo: Self { Self(XFRM_MSG_NEWSADINFO) }
  public static var getSADInfo: Self { Self(XFRM_MSG_GETSADINFO) }
  public static var newSPDInfo: Self { Self(XFRM_MSG_NEWSPDINFO) }
  public static var getSPDInfo: Self { Self(XFRM_MSG_GETSPDINFO) }
  public static var mapping: Self { Self(XFRM_MSG_MAPPING) }
  /// Since Linux 5.15.
  public static var setDefaultActions: Self { Self(XFRM_MSG_SETDEFAULT) }
  /// Since Linux 5.15.
  public static var getDefaultActions: Self { Self(XFRM_MSG_GETDEFAULT) }
  /// Since Linux 7.2.
  public static var migrateState: Self { Self(CNL_XFRM_MSG_MIGRATE_STATE) }
}
