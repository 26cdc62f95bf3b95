using System.Text;
using Granary.Memcached.Server;
using Granary.Silo.Settings;
using Microsoft.Extensions.Configuration;

namespace Granary.ClusterTests.Silos;

/// <summary>How namespaces and access to them are said, and what is refused in one line.</summary>
public sealed class NamespaceSettingsTests
{
    [Fact]
    public void Namespaces_AreNamesWithPrefixesAndQuotas()
    {
        SiloSettings settings = Read("shop=256MiB, news@n/=1GiB ,free,top@\u0001top");

        Assert.Equal(
            [("shop", "shop:", 256L << 20), ("news", "n/", 1L << 30), ("free", "free:", 0L), ("top", "\u0001top", 0L)],
            settings.Namespaces.All.Select(static space => (space.Name, Encoding.UTF8.GetString(space.Prefix.Span), space.QuotaBytes)));
        Assert.Empty(Read().Namespaces.All);
    }

    [Fact]
    public void Access_IsOfUsersToNamespaces()
    {
        SiloSettings settings = Read("shop,news", "ann=shop+news:read,bob=news");
        settings.Validate();

        Assert.Equal(
            [new NamespaceGrant("shop", MayWrite: true), new NamespaceGrant("news", MayWrite: false)], settings.Namespaces.Access["ann"]);
        Assert.Equal([new NamespaceGrant("news", MayWrite: true)], settings.Namespaces.Access["bob"]);
    }

    [Theory]
    [InlineData("shop=much", "it must be NAME, NAME=SIZE or NAME@PREFIX=SIZE, with commas between.")]
    [InlineData("shop=1KiB", "The quota of namespace 'shop' is 1024; it must be 1048576 to 70368744177664, or 0 for none.")]
    [InlineData("my shop", "Namespace 'my shop' has no name of 1 to 64 letters, digits, '.', '_' or '-'.")]
    [InlineData("shop@", "The prefix of namespace 'shop' has 0 bytes; it must have 1 to 64.")]
    [InlineData("shop,shop", "Namespace 'shop' is given twice.")]
    [InlineData(
        "shop,sale@shop:s", "A key could belong to both namespaces 'shop' and 'sale': the prefix of one begins with the other's.")]
    public void Namespaces_ThatCannotBe_AreRefused(string text, string rule) => Assert.Equal(
        $"--namespaces (Granary:Cache:Namespaces) is '{text}'; {rule}",
        Assert.Throws<SettingsException>(() => Read(text)).Message);

    [Theory]
    [InlineData("ann", "it must be USER=NAMESPACE, or USER=NAMESPACE+NAMESPACE:read, with commas between, each user once.")]
    [InlineData("=shop", "it must be USER=NAMESPACE, or USER=NAMESPACE+NAMESPACE:read, with commas between, each user once.")]
    [InlineData("ann=shop,ann=news", "it must be USER=NAMESPACE, or USER=NAMESPACE+NAMESPACE:read, with commas between, each user once.")]
    [InlineData("ann=gone", "there is no 'gone' in --namespaces.")]
    public void Access_ThatCannotBe_IsRefused(string text, string rule) => Assert.Equal(
        $"--memcached-access (Granary:Memcached:Access) is '{text}'; {rule}",
        Assert.Throws<SettingsException>(() => Read("shop,news", text).Validate()).Message);

    [Fact]
    public void Access_WithoutUsers_IsRefused() => Assert.Equal(
        "--memcached-access (Granary:Memcached:Access) is 'ann=shop'; it needs --memcached-users.",
        Assert.Throws<SettingsException>(() => Read("shop", "ann=shop", users: null).Validate()).Message);

    private static SiloSettings Read(string namespaces = "", string access = "", string? users = "users") =>
        new(new ConfigurationBuilder()
            .AddInMemoryCollection(
            [
                KeyValuePair.Create(SiloOptions.Namespaces.Key, (string?)namespaces),
                KeyValuePair.Create(MemcachedOptions.Access.Key, (string?)access),
                KeyValuePair.Create(MemcachedOptions.Users.Key, users),
                KeyValuePair.Create(SiloOptions.Memory.Key, (string?)"64MiB"),
            ])
            .Build());
}
