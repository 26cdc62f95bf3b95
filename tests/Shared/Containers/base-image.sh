#!/usr/bin/env bash
# base-image.sh FOLDER: the files of an image that stands in for the chiseled .NET image, where no registry is reached:
# this machine's .NET, the libraries that it loads, one user, and nothing else; no shell above all.
set -euo pipefail
root=$1
dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
mkdir -p "$root"/{etc,home/app,tmp,usr/bin,usr/share/dotnet}
cp -a "$dotnet"/{dotnet,host,shared} "$root/usr/share/dotnet/"
ln -s /usr/share/dotnet/dotnet "$root/usr/bin/dotnet"

# What ldd finds, and OpenSSL, which is opened by name.
{
  find "$dotnet/shared" -name '*.so' -exec ldd {} + | grep -o '/[^ )]*' | grep -v "^$dotnet"
  ldconfig -p | grep -o '/.*/lib\(ssl\|crypto\)\.so\.3$'
} | grep -v ':$' | sort -u | xargs cp -L --parents -t "$root"

printf 'root:x:0:0::/root:/sbin/nologin\napp:x:1654:1654::/home/app:/sbin/nologin\n' >"$root/etc/passwd"
printf 'root:x:0:\napp:x:1654:\n' >"$root/etc/group"
chown 1654:1654 "$root/home/app"
chmod 1777 "$root/tmp"
