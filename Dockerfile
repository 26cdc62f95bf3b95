# The image of a silo: docker build -t granary:0.1.0 .
# 'dotnet publish Silo -t:PublishContainer' makes the same one without a container engine; Silo.csproj says how.

# The SDK runs on the builder's own platform and publishes for the target's: nothing is emulated.
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH
WORKDIR /source
COPY . .
# The packages stay in a cache of the builder: a change of the source does not fetch them again. A builder that does not
# say for which architecture, as older ones of podman, gets the native libraries of all.
RUN --mount=type=cache,target=/root/.nuget/packages \
    dotnet publish Silo --configuration Release ${TARGETARCH:+--arch $TARGETARCH --no-self-contained} --output /app

# Chiseled: the runtime and what it needs, no shell and no package manager. Its user is 1654.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
WORKDIR /app
COPY --from=build /app .
# Owned by root: the silo cannot change its own program.
USER $APP_UID
# Queues without a cluster store: in the user's home, because /app cannot be written. Mount a volume there to keep them.
ENV Granary__Queues__Folder=/home/app/data
# memcached clients, .NET clients, silos, health and dashboard.
EXPOSE 11211 30000 11111 8080
# No shell in between: the silo is process 1, gets the SIGTERM itself, and takes arguments as they are.
ENTRYPOINT ["dotnet", "Silo.dll"]
