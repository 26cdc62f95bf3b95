using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Granary.Silo.Settings;

namespace Granary.Silo.Hosting;

/// <summary>Who the process is to the operating system.</summary>
internal static class Privileges
{
    /// <summary>Whether it may do everything.</summary>
    public static bool IsRoot => !OperatingSystem.IsWindows() && EffectiveUser() == 0;

    /// <summary>Becomes another user, for good, with all its threads (which is what the C library's calls do, not the kernel's).</summary>
    /// <exception cref="SettingsException">There is no such user, or it may not become it.</exception>
    public static void Become(string user)
    {
        byte[] name = [.. Encoding.UTF8.GetBytes(user), 0];
        nint entry = FindUser(name);
        if (entry == 0)
        {
            throw new SettingsException($"-u is '{user}'; there is no such user.");
        }

        // struct passwd begins: char *name, char *password, uid_t, gid_t.
        int userId = Marshal.ReadInt32(entry, 2 * IntPtr.Size);
        int groupId = Marshal.ReadInt32(entry, (2 * IntPtr.Size) + sizeof(int));
        if (userId == EffectiveUser())
        {
            return;
        }

        if (SetGroups(name, groupId) != 0 || SetGroup(groupId) != 0 || SetUser(userId) != 0)
        {
            throw new SettingsException(
                $"-u is '{user}'; the process cannot become it: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}.");
        }
    }

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int EffectiveUser();

    [DllImport("libc", EntryPoint = "getpwnam")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint FindUser(byte[] name);

    [DllImport("libc", EntryPoint = "initgroups", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetGroups(byte[] name, int group);

    [DllImport("libc", EntryPoint = "setgid", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetGroup(int group);

    [DllImport("libc", EntryPoint = "setuid", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetUser(int user);
}
